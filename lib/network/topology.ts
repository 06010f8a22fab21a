/** Which nodes are linked, and who dials. Pure: from numbers to edges. */

/** A link between two nodes, by their ordinals; the lower one comes first. */
export type Edge = readonly [low: number, high: number];

/**
 * Manual peers that a bitcoind dials by itself (`MAX_ADDNODE_CONNECTIONS`, src/net.h of Bitcoin Core). Further
 * entries of its added list are held silently and never dialled.
 */
export const ADDED_NODE_SLOTS = 8;

/** Every node linked to every other one. */
export function fullMesh(nodes: number): Edge[] {
  const edges: Edge[] = [];
  for (let high = 1; high < nodes; high++) {
    for (let low = 0; low < high; low++) edges.push([low, high]);
  }
  return edges;
}

/** How one node reaches another. */
export interface Dial {
  /** Ordinal of the node to dial. */
  readonly to: number;
  /** `added`: by an entry in the added list, which bitcoind keeps up. `onetry`: by the controller alone. */
  readonly by: "added" | "onetry";
}

/**
 * What each node dials, by ordinal.
 *
 * While the 8 slots of every node hold all the others, every node has all the others in its list. In larger networks
 * each edge is dialled by one side. The side depends on the edge alone, so no edge changes it when the network grows,
 * and both sides have half of the edges: in a full mesh no node needs more than 8 slots up to 17 nodes. What is
 * beyond a node's slots is dialled with `onetry`, which bitcoind does not count.
 */
export function dialsOf(nodes: number, edges: readonly Edge[]): Dial[][] {
  const targets: number[][] = Array.from({ length: nodes }, () => []);
  const isSmall = nodes <= ADDED_NODE_SLOTS + 1;
  for (const [low, high] of edges) {
    if (isSmall || dialsUp(low, high)) targets[low]?.push(high);
    if (isSmall || !dialsUp(low, high)) targets[high]?.push(low);
  }
  return targets.map((list) =>
    list.sort((a, b) => a - b).map((to, index) => ({
      to,
      by: index < ADDED_NODE_SLOTS ? "added" : "onetry",
    }))
  );
}

/** Whether the lower node of an edge dials the higher one. */
function dialsUp(low: number, high: number): boolean {
  return (high - low) % 2 === 1;
}
