/** The best chain of a network, from what its nodes report. Pure. */

import type { NodeReport, NodeUp } from "./node_report.ts";

/** The best chain, and how many others there are. */
export interface Chain {
  /** Height of the chain with the most work. */
  readonly height: number;
  /** Hash of its last block. */
  readonly tip: string;
  /** Distinct tips beyond it. */
  readonly forks: number;
  /** Whether some of those are no mere delay: two different blocks at one height. */
  readonly isForked: boolean;
}

/** The best chain of the nodes that answered; `undefined` if none did. */
export function chainOf(reports: readonly (NodeReport | undefined)[]): Chain | undefined {
  const chains = reports
    .filter((report): report is NodeUp => report?.state === "up")
    .map(({ chain }) => chain);
  // Work is a hexadecimal number of fixed length, which compares as text.
  const best = chains.reduce<NodeUp["chain"] | undefined>(
    (found, chain) => !found || chain.chainwork > found.chainwork ? chain : found,
    undefined,
  );
  if (!best) return undefined;
  const heightOf = new Map(chains.map(({ bestblockhash, blocks }) => [bestblockhash, blocks]));
  return {
    height: best.blocks,
    tip: best.bestblockhash,
    forks: heightOf.size - 1,
    isForked: new Set(heightOf.values()).size < heightOf.size,
  };
}
