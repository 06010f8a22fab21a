/** How networks are, in one word each, for whoever counts them. Pure. */

import { findCondition } from "./conditions.ts";
import type { BitcoinNetwork } from "./resource.ts";

/**
 * How a network is:
 *
 * - `ready`: all nodes are Ready, linked and in sync
 * - `suspended`: it has no nodes, as was asked for
 * - `progressing`: it is on its way
 * - `stalled`: a person must act
 * - `unknown`: no controller has looked at it yet
 */
export const NETWORK_STATES = ["ready", "suspended", "progressing", "stalled", "unknown"] as const;

/** One of {@linkcode NETWORK_STATES}. */
export type NetworkState = (typeof NETWORK_STATES)[number];

/** How a network is, by its conditions. */
export function stateOf({ status }: Pick<BitcoinNetwork, "status">): NetworkState {
  const ready = findCondition(status?.conditions, "Ready");
  if (!ready) return "unknown";
  if (findCondition(status?.conditions, "Stalled")?.status === "True") return "stalled";
  if (ready.status === "True") return "ready";
  return ready.reason === "Suspended" ? "suspended" : "progressing";
}
