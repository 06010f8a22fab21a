/** The controller as a process of its own, as a cluster runs it: with the token of its service account and no more. */

import { type RunningProgram, startProgram } from "../support/program.ts";
import type { RealCluster } from "./real_cluster.ts";

/** How it is started. */
export interface ControllerProcessOptions {
  /**
   * URL of the API server.
   *
   * @default {its own}
   */
  readonly server?: string;
  /** Further arguments of `run`. */
  readonly args?: readonly string[];
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it; it is killed when it is disposed of. */
export async function startController(
  { plane, token, peerAddresses }: RealCluster,
  { server = plane.server, args = [], env }: ControllerProcessOptions = {},
): Promise<RunningProgram> {
  const kubeconfig = `${plane.folder}/controller.kubeconfig`;
  await Deno.writeTextFile(kubeconfig, plane.kubeconfigText(token, server), { mode: 0o600 });
  return await startProgram(
    ["run", "--kubeconfig", kubeconfig, "--peer-addresses", peerAddresses, ...args],
    env,
  );
}
