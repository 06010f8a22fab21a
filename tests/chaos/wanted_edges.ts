/** The edges that a spec asks for, by other code than the controller's but for random graphs. */

import { type BitcoinNetworkSpec, randomGraph } from "../../lib/network/mod.ts";

/** A pair of ordinals. */
export type Pair = readonly [number, number];

/** All edges, each once. */
export function wantedEdges({ nodes, topology = {} }: BitcoinNetworkSpec): readonly Pair[] {
  const { type = "Full", hub = 0, degree = 0, seed = 0, edges = [] } = topology;
  const pairs = pairsOf(nodes);
  switch (type) {
    case "Full":
      return pairs;
    case "Line":
      return pairs.filter(([a, b]) => b - a === 1);
    case "Ring":
      return pairs.filter(([a, b]) => b - a === 1 || b - a === nodes - 1);
    case "Star":
      return pairs.filter((pair) => pair.includes(hub));
    case "Random":
      return randomGraph(nodes, degree, seed);
    case "Edges":
      return pairs.filter(([a, b]) => edges.some((edge) => edge.includes(a) && edge.includes(b)));
  }
}

/** Every pair of so many nodes, the lower one first. */
export function pairsOf(nodes: number): readonly Pair[] {
  const ordinals = Array.from({ length: nodes }, (_, ordinal) => ordinal);
  return ordinals.flatMap((a) => ordinals.filter((b) => a < b).map((b): Pair => [a, b]));
}
