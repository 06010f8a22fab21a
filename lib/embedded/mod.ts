/**
 * A small Kubernetes cluster in this process, for the demo and the tests. Enter at {@linkcode EmbeddedCluster}.
 *
 * - `api/`: the API server. It keeps objects and does nothing by itself.
 * - `controllers/`: what acts on the objects: StatefulSet controller, garbage collector, namespace controller, scheduler.
 * - `kubelet/`: runs the containers of pods, as processes of this machine or inside this process.
 * - `bitcoin/`: a bitcoind in this process that answers as a real one does.
 * - `schema/`: the types of objects: defaults, validation, patches, field ownership.
 *
 * Controllers and kubelet are ordinary clients of an API server, and run as well with a real one.
 *
 * @example Run a cluster for the length of a block
 * ```ts ignore
 * import { PODS } from "../kube/mod.ts";
 * import { EmbeddedCluster } from "./mod.ts";
 *
 * await using cluster = new EmbeddedCluster({ bitcoind: "fake" });
 * await cluster.start();
 * await cluster.client.resource(PODS, "default").list();
 * ```
 *
 * @module
 */

export * from "./api/mod.ts";
export * from "./bitcoin/mod.ts";
export * from "./bitcoind_choice.ts";
export * from "./cluster.ts";
export * from "./controllers/mod.ts";
export * from "./kubeconfig.ts";
export * from "./kubelet/mod.ts";
export * from "./local_node.ts";
export * from "./machine.ts";
export * from "./tracking_runtime.ts";
