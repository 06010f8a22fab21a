/** When a link that the topology does not have may be cut without anything falling apart. Pure. */

import type { Edge } from "./edge.ts";

/** What there is of the wanted edges. */
export interface EdgesSeen {
  /** All of them. */
  readonly wanted: readonly Edge[];
  /** Those that are up. */
  readonly up: readonly Edge[];
  /** Those whose both ends answer: only these can come up now. */
  readonly possible: readonly Edge[];
}

/**
 * Whether the link between two nodes may be cut.
 *
 * A link that goes is replaced first: its ends must be joined by edges of the topology that are up. Those are never
 * cut, so whatever is cut at once, what was connected stays so. If the topology is not to join the two ends at all,
 * nothing can replace the link; then it stays until all has come up that can. A node that does not answer keeps the
 * links for which it is needed, and no others.
 */
export function cutRule(
  { wanted, up, possible }: EdgesSeen,
): (one: number, other: number) => boolean {
  const target = new Parts(wanted);
  const now = new Parts(up);
  const isComplete = possible.every(([low, high]) => now.joins(low, high));
  return (one, other) => now.joins(one, other) || (isComplete && !target.joins(one, other));
}

/** The parts of a graph: which nodes can reach each other (a disjoint-set forest). */
export class Parts {
  readonly #parents = new Map<number, number>();

  /** Joins the ends of all edges. */
  constructor(edges: readonly Edge[]) {
    for (const [low, high] of edges) this.#parents.set(this.#root(low), this.#root(high));
  }

  /** Whether there is a way from one node to another. */
  joins(one: number, other: number): boolean {
    return this.#root(one) === this.#root(other);
  }

  #root(node: number): number {
    let root = node;
    for (
      let up = this.#parents.get(root);
      up !== undefined && up !== root;
      up = this.#parents.get(root)
    ) {
      root = up;
    }
    this.#parents.set(node, root);
    return root;
  }
}
