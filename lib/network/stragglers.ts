/** Nodes that stay behind the best chain of their network though they are linked to it. Pure. */

import type { Member } from "./connections.ts";
import { Parts } from "./cuts.ts";
import type { Edge } from "./edge.ts";
import { isHandshakeDone } from "./link.ts";
import type { NodeUp } from "./node_report.ts";

/** How long a node may stand still behind the best chain before it is helped, in ms: blocks spread in less. */
const PATIENCE_MS = 3_000;

/** What was seen of a node that is behind. */
interface Sighting {
  /** Last block of its chain. */
  readonly tip: string;
  /** Since when it has been that one, in monotonic ms. */
  readonly sinceMs: number;
}

/** The nodes that were behind in a run, by the names of their pods. */
export type Stragglers = ReadonlyMap<string, Sighting>;

/** Blocks to be carried from one node to another. */
export interface Errand {
  /** Name of a pod whose node has the best chain of those that it is to be joined with. */
  readonly from: string;
  /** Name of the pod whose node is behind. */
  readonly to: string;
}

/** What was seen in one run, and what to do about it. */
export interface StragglerPlan {
  /** For the next run. */
  readonly stragglers: Stragglers;
  /** One at a time: what a node is given it hands on by itself. */
  readonly errand: Errand | undefined;
}

/**
 * Finds out who is left behind.
 *
 * bitcoind asks only one peer for headers while its own best block is older than a day, and tells nobody of old blocks
 * by itself (`SendMessages`, src/net_processing.cpp of Bitcoin Core). So a block that was mined in one part of an idle
 * network does not reach the other part when the links come back, until the next block is mined. A node is behind a
 * chain only if that has more work than its own, and only if the topology links it to the part of the network that has
 * it: whoever makes separate parts wants their chains to differ.
 */
export function planErrand(
  members: readonly Member[],
  edges: readonly Edge[],
  before: Stragglers,
  nowMs: number,
): StragglerPlan {
  const nodes = members.flatMap(({ ordinal, name, report }) =>
    report?.state === "up" ? [{ ordinal, name, report }] : []
  );
  // Work is a hexadecimal number of fixed length, which compares as text.
  const ranked = nodes.toSorted((a, b) =>
    a.report.chain.chainwork > b.report.chain.chainwork ? -1 : 1
  );
  const parts = new Parts(edges);
  const stragglers = new Map<string, Sighting>();
  let errand: Errand | undefined;
  for (const { ordinal, name, report } of nodes) {
    const { chainwork, bestblockhash: tip } = report.chain;
    const best = ranked.find((other) => parts.joins(other.ordinal, ordinal));
    if (!best || chainwork >= best.report.chain.chainwork || !isLinked(report)) continue;
    const old = before.get(name);
    const seen = old?.tip === tip ? old : { tip, sinceMs: nowMs };
    stragglers.set(name, seen);
    if (nowMs - seen.sinceMs >= PATIENCE_MS) errand ??= { from: best.name, to: name };
  }
  return { stragglers, errand };
}

/** A node without links has another trouble, which is mended first. */
function isLinked({ peers }: NodeUp): boolean {
  return peers.some(isHandshakeDone);
}
