/** Random regular graphs that grow by one node at a time. Pure: the same seed always gives the same graph. */

import { type Edge, fullMesh } from "./edge.ts";

/**
 * A connected random graph in which every node has `degree` neighbours.
 *
 * The exact guarantee, for a degree of at least 2 and more nodes than that: the graph is connected, and every node
 * has exactly `degree` neighbours, but for one: if nodes and degree are both odd, which no graph can satisfy, the last
 * node has one neighbour less. With fewer nodes all are linked to all.
 *
 * It grows as a peer-to-peer network does ("pegging", as in the SWAN networks of Bourassa and Holt): it starts as a
 * full mesh of `degree + 1` nodes, and each further node takes `degree / 2` random edges that have no end in common
 * and puts itself into the middle of each. So no node's number of neighbours changes, what was connected stays so, and
 * one node more or less changes no more than `degree` edges that come and half as many that go.
 */
export function randomGraph(nodes: number, degree: number, seed: number): Edge[] {
  const start = Math.min(nodes, degree + 1);
  let edges = fullMesh(start);
  for (let node = start; node < nodes; node++) {
    // A generator of its own for each node: how a node joins depends on nothing but the seed and the graph before.
    edges = join(edges, node, degree, generator(seed + Math.imul(node, GOLDEN_RATIO)));
  }
  return edges;
}

/** 2^32 divided by the golden ratio: neighbouring numbers times this are far from each other. */
const GOLDEN_RATIO = 0x9e3779b9;

/**
 * Puts `node`, the next one, into a graph. There are always enough edges without common ends: the nodes that a search
 * for them leaves over are not linked to each other, so all their neighbours are among the nodes that it found, and
 * these are `degree` at least.
 */
function join(edges: readonly Edge[], node: number, degree: number, random: () => number): Edge[] {
  // With an odd degree, an odd number of nodes leaves the last one short of a neighbour: here it gets that.
  const short = node % 2 === 1 && degree % 2 === 1 ? [node - 1] : [];
  const taken = new Set(short);
  const split = new Set<Edge>();
  for (const edge of shuffle(edges, random)) {
    if (split.size === Math.floor(degree / 2)) break;
    if (edge.some((end) => taken.has(end))) continue;
    split.add(edge);
    for (const end of edge) taken.add(end);
  }
  return [
    ...edges.filter((edge) => !split.has(edge)),
    ...[...taken].map((end): Edge => [end, node]),
  ];
}

/** The same items in a random order (Fisher and Yates). */
function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const order = items.map((_, index) => index);
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1));
    [order[last], order[chosen]] = [order[chosen] ?? 0, order[last] ?? 0];
  }
  return order.flatMap((index) => items.slice(index, index + 1));
}

/** Random numbers from 0 up to 1: mulberry32, by Tommy Ettinger (public domain). */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
