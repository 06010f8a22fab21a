/** Who dials which edge, and how. Pure: from edges to dials. */

import type { Edge } from "./edge.ts";
import { edgesOf, type Topology } from "./topology.ts";

/**
 * Manual peers that a bitcoind dials by itself (`MAX_ADDNODE_CONNECTIONS`, src/net.h of Bitcoin Core). Further
 * entries of its added list are held silently and never dialled.
 */
export const ADDED_NODE_SLOTS = 8;

/** How one node reaches another. */
export interface Dial {
  /** Ordinal of the node to dial. */
  readonly to: number;
  /** `added`: by an entry in the added list, which bitcoind keeps up. `onetry`: by the controller alone. */
  readonly by: "added" | "onetry";
}

/** What is wanted of the links between the nodes of a network. */
export interface Wiring {
  /** The links. */
  readonly edges: readonly Edge[];
  /** What each node dials, by ordinal; how is for nodes that have no entries yet. */
  readonly dials: readonly (readonly Dial[])[];
}

/** The links of a network, and who dials them. */
export function wiringOf(nodes: number, topology: Topology): Wiring {
  const edges = edgesOf(nodes, topology);
  const isMutual = topology.type === "Full" && nodes <= ADDED_NODE_SLOTS + 1;
  return { edges, dials: isMutual ? mutualDials(nodes, edges) : dialsOf(nodes, edges) };
}

/** Both ends of each edge dial: for small meshes, in which the 8 slots of every node hold all the others. */
function mutualDials(nodes: number, edges: readonly Edge[]): Dial[][] {
  return toDials(nodes, edges.flatMap(([low, high]) => [[low, high], [high, low]]));
}

/**
 * One end of each edge dials. Which one depends on the edge alone, so no edge changes it when the network grows or its
 * topology changes, and both ends have half of the edges: in a full mesh no node needs more than 8 slots up to 17
 * nodes. What is beyond a node's slots is dialled with `onetry`, which bitcoind does not count.
 */
export function dialsOf(nodes: number, edges: readonly Edge[]): Dial[][] {
  return toDials(
    nodes,
    edges.map(([low, high]) => (high - low) % 2 === 1 ? [low, high] : [high, low]),
  );
}

/** The dials of each node, lower targets first: when a network grows, those that hold a slot keep it. */
function toDials(
  nodes: number,
  arrows: readonly (readonly [from: number, to: number])[],
): Dial[][] {
  const targets: number[][] = Array.from({ length: nodes }, () => []);
  for (const [from, to] of arrows) targets[from]?.push(to);
  return targets.map((list) =>
    list.sort((a, b) => a - b).map((to, index) => ({
      to,
      by: index < ADDED_NODE_SLOTS ? "added" : "onetry",
    }))
  );
}

/**
 * The dials of a node that has entries already: those keep their slots, and only free ones are given away. `holds`
 * tells whether a target has an entry. A connection under the name of an entry that goes would not say any more where
 * it leads.
 */
export function keepSlots(dials: readonly Dial[], holds: (to: number) => boolean): Dial[] {
  const held = dials.filter(({ to }) => holds(to));
  const free = dials.filter(({ to }) => !holds(to));
  const added = new Set([...held, ...free].slice(0, ADDED_NODE_SLOTS).map(({ to }) => to));
  return dials.map(({ to }) => ({ to, by: added.has(to) ? "added" : "onetry" }));
}
