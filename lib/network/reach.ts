/** Whether nodes can be reached from where the controller runs, as far as one poll tells. Pure. */

import type { NodeReport } from "./node_report.ts";

/**
 * What one poll of a network tells:
 *
 * - `answered`: something came from a node's address, so there is a way to it
 * - `mute`: nothing came from any, though pods are Ready, which takes a bitcoind that answers
 */
export type Reach = "answered" | "mute";

/**
 * Hears after each poll that tells, but for those of a network at rest, which say the same again. It only takes note: it
 * does not wait and does not throw.
 */
export interface ReachObserver {
  /** The nodes of the network `key` were asked. */
  polled(key: string, reach: Reach): void;
}

/** A pod that was asked. */
export interface Polled {
  /** Whether its kubelet says that its bitcoind answers. */
  readonly isReady: boolean;
  /** What it said to us; absent if it was not asked. */
  readonly report: NodeReport | undefined;
}

/** What the pods of one network tell together; `undefined` if they tell nothing: none is Ready, or none was asked. */
export function reachOf(pods: readonly Polled[]): Reach | undefined {
  const asked = pods.filter(({ report }) => report !== undefined);
  if (asked.some(({ report }) => report?.state === "up" || !report?.isMute)) return "answered";
  return asked.some(({ isReady }) => isReady) ? "mute" : undefined;
}
