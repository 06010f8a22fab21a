/** Embedded clusters for tests. */

import { EmbeddedCluster, type EmbeddedClusterOptions } from "../../lib/embedded/mod.ts";

/** Starts a cluster, with the fake bitcoind unless the options say otherwise; use it with `await using`. */
export async function startCluster(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const cluster = new EmbeddedCluster({ bitcoind: "fake", stopGraceMs: 2000, ...options });
  await cluster.start();
  return cluster;
}
