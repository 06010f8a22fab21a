/** Topologies that are taken or refused, with the words of kube-apiserver 1.34. */

import type { BitcoinNetworkSpec } from "../../lib/network/schema.ts";

/** One spec. */
export interface TopologyCase {
  /** What is special about it. */
  readonly what: string;
  /** The spec. */
  readonly spec: BitcoinNetworkSpec;
  /** What the API server says, as `field: message`; absent if it takes it. */
  readonly refusal?: string;
}

/** A spec of some nodes with a topology. */
function spec(
  nodes: number,
  topology: NonNullable<BitcoinNetworkSpec["topology"]>,
): BitcoinNetworkSpec {
  return { nodes, topology };
}

/** Different edges between the nodes 0 to 49 and the nodes 50 to 99. */
export function differentEdges(count: number): number[][] {
  return Array.from({ length: count }, (_, number) => [Math.floor(number / 50), 50 + number % 50]);
}

/** All cases; each breaks one rule at most. */
export const TOPOLOGY_CASES: readonly TopologyCase[] = [
  { what: "a network without a topology", spec: { nodes: 3 } },
  { what: "a topology without a type", spec: spec(3, {}) },
  { what: "a star whose hub is left out", spec: spec(3, { type: "Star" }) },
  { what: "a star around the last node", spec: spec(3, { type: "Star", hub: 2 }) },
  {
    what: "a random graph with all the neighbours there are",
    spec: spec(4, { type: "Random", degree: 3 }),
  },
  {
    what: "a random graph with odd numbers",
    spec: spec(5, { type: "Random", degree: 3, seed: 7 }),
  },
  { what: "edges in any order", spec: spec(4, { type: "Edges", edges: [[3, 1], [1, 2], [0, 3]] }) },
  { what: "an empty list of edges", spec: spec(4, { type: "Edges", edges: [] }) },
  {
    what: "a star around the last node that there can be",
    spec: spec(100, { type: "Star", hub: 99 }),
  },
  {
    what: "a random graph with all the neighbours that there can be",
    spec: spec(100, { type: "Random", degree: 99, seed: 0 }),
  },
  {
    // More would cost kube-apiserver too much.
    what: "as many edges as a list may have",
    spec: spec(100, { type: "Edges", edges: differentEdges(600) }),
  },
  { what: "a suspended star", spec: spec(0, { type: "Star", hub: 5 }) },
  { what: "a suspended random graph", spec: spec(0, { type: "Random", degree: 4 }) },
  { what: "a suspended list of edges", spec: spec(0, { type: "Edges", edges: [[0, 1]] }) },
  {
    what: "a hub of a mesh",
    spec: spec(3, { hub: 1 }),
    refusal: "spec.topology.hub: Forbidden: hub goes with type Star only",
  },
  {
    what: "a degree of a ring",
    spec: spec(3, { type: "Ring", degree: 2 }),
    refusal: "spec.topology.degree: Forbidden: degree goes with type Random only",
  },
  {
    what: "a seed of a line",
    spec: spec(3, { type: "Line", seed: 1 }),
    refusal: "spec.topology.seed: Forbidden: seed goes with type Random only",
  },
  {
    what: "edges of a star",
    spec: spec(3, { type: "Star", edges: [] }),
    refusal: "spec.topology.edges: Forbidden: edges go with type Edges only",
  },
  {
    what: "a random graph without a degree",
    spec: spec(3, { type: "Random" }),
    refusal: "spec.topology.degree: Required value: type Random needs a degree",
  },
  {
    what: "edges that are left out",
    spec: spec(3, { type: "Edges" }),
    refusal: "spec.topology.edges: Required value: type Edges needs edges",
  },
  {
    what: "a hub below zero",
    spec: spec(3, { type: "Star", hub: -1 }),
    refusal:
      "spec.topology.hub: Invalid value: -1: spec.topology.hub in body should be greater than or equal to 0",
  },
  {
    what: "a hub beyond the last node that there can be",
    spec: spec(0, { type: "Star", hub: 100 }),
    refusal:
      "spec.topology.hub: Invalid value: 100: spec.topology.hub in body should be less than or equal to 99",
  },
  {
    what: "a hub beyond the last node",
    spec: spec(3, { type: "Star", hub: 3 }),
    refusal:
      'spec.topology.hub: Invalid value: "object": there is no node of that ordinal: hub must be less than nodes',
  },
  {
    what: "more neighbours than there are other nodes",
    spec: spec(3, { type: "Random", degree: 3 }),
    refusal:
      'spec.topology.degree: Invalid value: "object": a node cannot have so many neighbours: degree must be less than nodes',
  },
  {
    what: "a random graph of pairs",
    spec: spec(4, { type: "Random", degree: 1 }),
    refusal:
      "spec.topology.degree: Invalid value: 1: spec.topology.degree in body should be greater than or equal to 2",
  },
  {
    what: "more neighbours than there can be",
    spec: spec(0, { type: "Random", degree: 100 }),
    refusal:
      "spec.topology.degree: Invalid value: 100: spec.topology.degree in body should be less than or equal to 99",
  },
  {
    what: "a seed below zero",
    spec: spec(3, { type: "Random", degree: 2, seed: -1 }),
    refusal:
      "spec.topology.seed: Invalid value: -1: spec.topology.seed in body should be greater than or equal to 0",
  },
  {
    what: "an edge without nodes",
    spec: spec(4, { type: "Edges", edges: [[0, 1], []] }),
    refusal:
      "spec.topology.edges[1]: Invalid value: 0: spec.topology.edges[1] in body should have at least 2 items",
  },
  {
    what: "an edge with one node",
    spec: spec(4, { type: "Edges", edges: [[1], [0, 1]] }),
    refusal:
      "spec.topology.edges[0]: Invalid value: 1: spec.topology.edges[0] in body should have at least 2 items",
  },
  {
    what: "an edge from a node below zero",
    spec: spec(4, { type: "Edges", edges: [[0, 1], [-1, 1]] }),
    refusal:
      "spec.topology.edges[1][0]: Invalid value: -1: spec.topology.edges[1][0] in body should be greater than or equal to 0",
  },
  {
    what: "an edge to a node that there cannot be",
    spec: spec(0, { type: "Edges", edges: [[0, 100]] }),
    refusal:
      "spec.topology.edges[0][1]: Invalid value: 100: spec.topology.edges[0][1] in body should be less than or equal to 99",
  },
  {
    what: "an edge to a node that does not exist",
    spec: spec(4, { type: "Edges", edges: [[0, 1], [1, 4]] }),
    refusal:
      'spec.topology.edges: Invalid value: "object": an edge names a node that does not exist: ordinals must be less than nodes',
  },
  {
    what: "an edge from a node that does not exist",
    spec: spec(4, { type: "Edges", edges: [[0, 1], [4, 1]] }),
    refusal:
      'spec.topology.edges: Invalid value: "object": an edge names a node that does not exist: ordinals must be less than nodes',
  },
  {
    what: "an edge from a node to itself",
    spec: spec(4, { type: "Edges", edges: [[0, 1], [2, 2]] }),
    refusal: 'spec.topology.edges: Invalid value: "object": an edge links two different nodes',
  },
  {
    what: "an edge that is listed twice the other way round",
    spec: spec(4, { type: "Edges", edges: [[0, 1], [1, 2], [1, 0]] }),
    refusal:
      'spec.topology.edges: Invalid value: "object": each edge is listed once; [0, 1] and [1, 0] are the same edge',
  },
  {
    what: "an edge that is listed twice to the letter",
    spec: spec(4, { type: "Edges", edges: [[0, 1], [0, 1]] }),
    refusal:
      'spec.topology.edges: Invalid value: "object": each edge is listed once; [0, 1] and [1, 0] are the same edge',
  },
];
