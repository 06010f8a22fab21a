/** Embedded clusters for tests. */

import { EmbeddedCluster, type EmbeddedClusterOptions } from "../../lib/embedded/mod.ts";
import type { KubectlResult } from "./kubectl.ts";

/** Starts a cluster, with the fake bitcoind unless the options say otherwise; use it with `await using`. */
export async function startCluster(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const cluster = new EmbeddedCluster({ bitcoind: "fake", stopGraceMs: 2000, ...options });
  await cluster.start();
  return cluster;
}

/** Runs kubectl, whose path is `program`, with the kubeconfig of a cluster. */
export async function runKubectl(
  program: string,
  cluster: Pick<EmbeddedCluster, "kubeconfig">,
  args: readonly string[],
): Promise<KubectlResult> {
  const command = new Deno.Command(program, {
    args: ["--kubeconfig", cluster.kubeconfig, ...args],
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
