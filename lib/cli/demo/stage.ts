/** What every demo needs on this machine: a cluster, the CRD in it, and the controller at work. */

import { CUSTOM_RESOURCE_DEFINITIONS, KubeClient } from "../../kube/mod.ts";
import { customResourceDefinition, NetworkController } from "../../network/mod.ts";
import { linkedAbort } from "../../time/mod.ts";
import type { DemoCluster } from "./demo_cluster.ts";
import { NotYet, until } from "../until.ts";

/** Time between two polls, in ms: more often than in earnest, for there is somebody watching. */
const POLL_MS = 2_000;

/** A cluster with the controller in it. */
export interface Stage {
  /** The cluster. */
  readonly cluster: DemoCluster;
  /** A client of its API server, with all rights. */
  readonly client: KubeClient;
}

/**
 * Sets the stage on a cluster that is not started yet, plays on it, and strikes it: whatever happens meanwhile, no
 * process and no file is left.
 *
 * @param play runs until it is done, or until its signal is aborted: by `signal`, or because the controller or the cluster failed
 * @throws what `play` threw, or the error of what failed
 */
export async function withStage<T>(
  cluster: DemoCluster,
  signal: AbortSignal,
  play: (stage: Stage, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  bypassProxies();
  // A second Ctrl-C ends the process without waiting; even then nothing may stay behind.
  const abandon = (): void => cluster.abandon();
  globalThis.addEventListener("unload", abandon);
  try {
    await cluster.start(signal);
    using stop = linkedAbort(signal);
    cluster.ended.catch((error) => stop.abort(error));
    using client = new KubeClient(cluster.connection, { userAgent: "bitcoin-controller-demo" });
    await installDefinition(client, stop.signal);
    return await withController(client, stop.signal, (inner) => play({ cluster, client }, inner));
  } finally {
    await cluster.close();
    globalThis.removeEventListener("unload", abandon);
  }
}

/** All of the cluster is on this machine, where no proxy of `HTTP_PROXY` leads. Before the first `fetch`, which reads it. */
function bypassProxies(): void {
  const isProxied = ["HTTP_PROXY", "http_proxy"].some((name) => Deno.env.get(name));
  if (!isProxied) return;
  const given = Deno.env.get("NO_PROXY") ?? Deno.env.get("no_proxy");
  Deno.env.set("NO_PROXY", given ? `${given},127.0.0.0/8` : "127.0.0.0/8");
}

async function withController<T>(
  client: KubeClient,
  signal: AbortSignal,
  play: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using stop = linkedAbort(signal);
  // The cluster has no DNS: its nodes call each other by address.
  const controller = new NetworkController({ client, peerAddresses: "ip", pollMs: POLL_MS });
  const running = controller.run(stop.signal).catch((error) => {
    stop.abort(error);
    throw error;
  });
  // Handled below, once the play is over.
  running.catch(() => {});
  try {
    return await play(stop.signal);
  } finally {
    stop.abort(new Error("The play is over"));
    await running;
  }
}

async function installDefinition(client: KubeClient, signal: AbortSignal): Promise<void> {
  const definitions = client.resource(CUSTOM_RESOURCE_DEFINITIONS);
  const definition = customResourceDefinition();
  const name = definition.metadata?.name ?? "";
  await definitions.apply(definition, { fieldManager: "bitcoin-controller-demo", signal });
  await until(`CustomResourceDefinition '${name}'`, async () => {
    const { status } = await definitions.get(name, { signal });
    if (!status?.conditions?.some((c) => c.type === "Established" && c.status === "True")) {
      throw new NotYet("it is not established");
    }
  }, { signal });
}
