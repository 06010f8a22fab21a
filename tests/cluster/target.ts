/** The clusters that the suite can run on. */

import { EmbeddedCluster, type EmbeddedClusterOptions } from "../../lib/embedded/mod.ts";
import type { Connection, KubeClient } from "../../lib/kube/mod.ts";
import { installDefinition } from "./install.ts";
import { RealCluster } from "./real_cluster.ts";

/** A cluster that runs, with a kubelet, and without the controller. */
export interface Target extends AsyncDisposable {
  /** A client with all rights. */
  readonly client: KubeClient;
  /** The connection of the controller: with no more than its rights, where the cluster checks them. */
  readonly controller: Connection;
  /** Path of a kubeconfig file with all rights, for kubectl. */
  readonly kubeconfig: string;
  /** How nodes name each other there. */
  readonly peerAddresses: "name" | "ip";
  /** Kills the processes of a pod, as the kernel would. */
  readonly killPod: (namespace: string, pod: string) => void;
  /** How many containers of a namespace run. */
  readonly running: (namespace: string) => number;
  /** The writes so far of the client with this user agent, such as `PATCH services`. */
  readonly writesOf: (userAgent: string) => Promise<readonly string[]>;
}

/** Starts a cluster of one kind. */
export type StartTarget = () => Promise<Target>;

/** The embedded cluster, for what only that can do. */
export interface EmbeddedTarget extends Target {
  /** The cluster itself. */
  readonly cluster: EmbeddedCluster;
}

/** The embedded cluster with one of its bitcoinds. */
export function embedded(
  bitcoind: "fake" | "real",
  options: Pick<EmbeddedClusterOptions, "addresses"> = {},
): () => Promise<EmbeddedTarget> {
  return async () => {
    const cluster = new EmbeddedCluster({ bitcoind, stopGraceMs: 5_000, ...options });
    await cluster.start();
    await installDefinition(cluster.client);
    return {
      cluster,
      client: cluster.client,
      controller: cluster.connection,
      kubeconfig: cluster.kubeconfig,
      // It has no DNS.
      peerAddresses: "ip",
      killPod: (namespace, pod) => cluster.killPod(namespace, pod),
      running: (namespace) =>
        cluster.running().filter((name) => name.startsWith(`${namespace}/`)).length,
      writesOf: (userAgent) =>
        Promise.resolve(
          cluster.api.requests
            .filter((request) => request.write && request.userAgent.startsWith(userAgent))
            .map(({ verb, resource, subresource }) =>
              `${verb} ${resource}${subresource ? `/${subresource}` : ""}`
            ),
        ),
      [Symbol.asyncDispose]: () => cluster.close(),
    };
  };
}

/** A real control plane from the folder `assets`, with pods as processes of this machine: only the container is missing. */
export function real(assets: string, bitcoind: "fake" | "real"): StartTarget {
  return () => RealCluster.start({ assets, bitcoind });
}
