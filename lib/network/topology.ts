/** Which nodes are linked. Pure: from the number of nodes and the topology to edges. */

import { type Edge, edgeOf, fullMesh, ordinals } from "./edge.ts";
import { randomGraph } from "./random_graph.ts";
import type { TopologySpec } from "./topology_schema.ts";

/** Which nodes are linked, with all defaults. */
export type Topology =
  | {
    /** All with all, each with the next in a circle, or each with the next in a line. */
    readonly type: "Full" | "Ring" | "Line";
  }
  | {
    /** All with one. */
    readonly type: "Star";
    /** Ordinal of that one. */
    readonly hub: number;
  }
  | {
    /** At random; see {@linkcode randomGraph}. */
    readonly type: "Random";
    /** Neighbours of each node. */
    readonly degree: number;
    /** Which of the random graphs. */
    readonly seed: number;
  }
  | {
    /** As listed. */
    readonly type: "Edges";
    /** The list. */
    readonly edges: readonly Edge[];
  };

/** The topology that a person asks for in a spec without problems. */
export function topologyOf(spec: TopologySpec = {}): Topology {
  const { type = "Full", hub = 0, degree = 0, seed = 0, edges = [] } = spec;
  switch (type) {
    case "Star":
      return { type, hub };
    case "Random":
      return { type, degree, seed };
    case "Edges":
      return { type, edges: edges.map(([one = 0, other = 0]) => edgeOf(one, other)) };
    default:
      return { type };
  }
}

/** The edges of a network, each once, with its lower end first. */
export function edgesOf(nodes: number, topology: Topology): Edge[] {
  switch (topology.type) {
    case "Full":
      return fullMesh(nodes);
    case "Ring":
      return ring(nodes);
    case "Line":
      return line(nodes);
    case "Star":
      return star(nodes, topology.hub);
    case "Random":
      return randomGraph(nodes, topology.degree, topology.seed);
    case "Edges":
      // While a network is suspended it has no node that an edge could end at.
      return topology.edges.filter(([, high]) => high < nodes);
  }
}

/** Each node with the next. */
function line(nodes: number): Edge[] {
  return ordinals(nodes - 1).map((low): Edge => [low, low + 1]);
}

/** A line whose ends are linked too; of two nodes they are linked already. */
function ring(nodes: number): Edge[] {
  return nodes > 2 ? [...line(nodes), [0, nodes - 1]] : line(nodes);
}

/** All nodes with the hub. */
function star(nodes: number, hub: number): Edge[] {
  if (hub >= nodes) return [];
  return ordinals(nodes).filter((node) => node !== hub).map((node) => edgeOf(hub, node));
}
