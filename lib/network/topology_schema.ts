/**
 * `spec.topology`: its schema, and the rules that a schema cannot say. Each rule is there twice, in CEL for the API
 * server and in TypeScript for the controller, with one message for both.
 */

import * as Type from "typebox";
import { int32 } from "./_int32.ts";

/** Most nodes of a network. */
export const MAX_NODES = 100;
/**
 * Most edges in a list: the search for an edge that is there twice compares each with each, and kube-apiserver lets a
 * rule cost no more than 1,000,000 units when it runs (`PerCallLimit`, k8s.io/apiserver/pkg/apis/cel). With 700 edges
 * it gives up.
 */
export const MAX_LISTED_EDGES = 600;
/** Fewest neighbours in a random graph: with one each, the nodes are pairs and no network. */
const MIN_DEGREE = 2;
/**
 * An edge `e` that has no two nodes, in CEL: its length is wrong, and nothing else is said of it. Rules run after the
 * schema has refused an edge that is too short, and would fail at the node that is not there.
 */
const IS_NO_PAIR = "e.size() != 2";

/** A rule for the API server and for the controller. */
interface Rule {
  /** Holds, in CEL; `self` is the object that the rule stands at. */
  readonly rule: string;
  /** What a person is told who breaks it. */
  readonly message: string;
  /** The field to blame, from the object that the rule stands at. */
  readonly fieldPath?: string;
  /** What kind of mistake it is; `FieldValueInvalid` if absent. */
  readonly reason?: "FieldValueForbidden" | "FieldValueRequired";
}

/** A rule of a topology by itself. */
interface TopologyRule extends Rule {
  /** Whether it is broken. */
  readonly isBroken: (topology: TopologySpec) => boolean;
}

/** A rule of a topology and the number of nodes. A network without nodes keeps its topology for later. */
interface NodesRule extends Rule {
  /** Whether it is broken in a network of so many nodes, of which there is one at least. */
  readonly isBroken: (topology: TopologySpec, nodes: number) => boolean;
}

const OWN_FIELDS: readonly TopologyRule[] = [
  {
    rule: "!has(self.hub) || self.type == 'Star'",
    message: "hub goes with type Star only",
    fieldPath: ".hub",
    reason: "FieldValueForbidden",
    isBroken: ({ hub, type = "Full" }) => hub !== undefined && type !== "Star",
  },
  {
    rule: "!has(self.degree) || self.type == 'Random'",
    message: "degree goes with type Random only",
    fieldPath: ".degree",
    reason: "FieldValueForbidden",
    isBroken: ({ degree, type = "Full" }) => degree !== undefined && type !== "Random",
  },
  {
    rule: "!has(self.seed) || self.type == 'Random'",
    message: "seed goes with type Random only",
    fieldPath: ".seed",
    reason: "FieldValueForbidden",
    isBroken: ({ seed, type = "Full" }) => seed !== undefined && type !== "Random",
  },
  {
    rule: "!has(self.edges) || self.type == 'Edges'",
    message: "edges go with type Edges only",
    fieldPath: ".edges",
    reason: "FieldValueForbidden",
    isBroken: ({ edges, type = "Full" }) => edges !== undefined && type !== "Edges",
  },
  {
    rule: "has(self.degree) || self.type != 'Random'",
    message: "type Random needs a degree",
    fieldPath: ".degree",
    reason: "FieldValueRequired",
    isBroken: ({ degree, type }) => degree === undefined && type === "Random",
  },
  {
    rule: "has(self.edges) || self.type != 'Edges'",
    message: "type Edges needs edges",
    fieldPath: ".edges",
    reason: "FieldValueRequired",
    isBroken: ({ edges, type }) => edges === undefined && type === "Edges",
  },
  {
    rule: `!has(self.edges) || self.edges.all(e, ${IS_NO_PAIR} || e[0] != e[1])`,
    message: "an edge links two different nodes",
    fieldPath: ".edges",
    isBroken: ({ edges = [] }) => edges.some(([one, other]) => one === other),
  },
  {
    // As numbers, in which an edge is the same both ways round; a list of the list stands in for a variable.
    rule: `!has(self.edges) || self.edges.exists(e, ${IS_NO_PAIR}) || ` +
      "[self.edges.map(e, e[0] < e[1] ? e[0] * 100 + e[1] : e[1] * 100 + e[0])]" +
      ".all(edges, edges.all(e, edges.indexOf(e) == edges.lastIndexOf(e)))",
    message: "each edge is listed once; [0, 1] and [1, 0] are the same edge",
    fieldPath: ".edges",
    isBroken: ({ edges = [] }) => new Set(edges.map(edgeName)).size < edges.length,
  },
];

const WITH_NODES: readonly NodesRule[] = [
  {
    rule: "self.nodes == 0 || !has(self.topology.hub) || self.topology.hub < self.nodes",
    message: "there is no node of that ordinal: hub must be less than nodes",
    fieldPath: ".topology.hub",
    isBroken: ({ hub = 0 }, nodes) => hub >= nodes,
  },
  {
    rule: "self.nodes == 0 || !has(self.topology.degree) || self.topology.degree < self.nodes",
    message: "a node cannot have so many neighbours: degree must be less than nodes",
    fieldPath: ".topology.degree",
    isBroken: ({ degree = 0 }, nodes) => degree >= nodes,
  },
  {
    rule: "self.nodes == 0 || !has(self.topology.edges) || " +
      `self.topology.edges.all(e, ${IS_NO_PAIR} || e[0] < self.nodes && e[1] < self.nodes)`,
    message: "an edge names a node that does not exist: ordinals must be less than nodes",
    fieldPath: ".topology.edges",
    isBroken: ({ edges = [] }, nodes) => edges.flat().some((ordinal) => ordinal >= nodes),
  },
];

/** Which nodes are linked. */
export const TopologySchema = Type.Object({
  type: Type.Optional(Type.Enum(["Full", "Ring", "Star", "Line", "Random", "Edges"], {
    type: "string",
    default: "Full",
    description:
      "Full: every node with every other one. Ring: each with the next, and the last with the first. " +
      "Star: all with the hub. Line: each with the next. Random: a connected random graph in which every node has " +
      "`degree` neighbours. Edges: those that are listed.",
  })),
  hub: Type.Optional(int32("Star: ordinal of the node in the middle. 0 if absent.", {
    minimum: 0,
    maximum: MAX_NODES - 1,
  })),
  degree: Type.Optional(int32(
    "Random: neighbours of each node. If nodes and degree are both odd, the last node has one less.",
    { minimum: MIN_DEGREE, maximum: MAX_NODES - 1 },
  )),
  seed: Type.Optional(int32(
    "Random: another seed gives another graph; the same one always the same. 0 if absent.",
    { minimum: 0 },
  )),
  edges: Type.Optional(Type.Array(
    Type.Array(int32("Ordinal of a node.", { minimum: 0, maximum: MAX_NODES - 1 }), {
      "description": "Two nodes.",
      "minItems": 2,
      "maxItems": 2,
      "x-kubernetes-list-type": "atomic",
    }),
    {
      "description":
        "Edges: the links, as pairs of ordinals: [[0, 1], [1, 2]]. An empty list links no nodes.",
      "maxItems": MAX_LISTED_EDGES,
      // No set: structured-merge-diff knows no sets of lists, and then every server-side apply fails.
      "x-kubernetes-list-type": "atomic",
    },
  )),
}, {
  "description":
    "Which nodes are linked. It may be changed at any time: links that are new come up before others are cut.",
  "default": { type: "Full" },
  "x-kubernetes-validations": OWN_FIELDS.map(forCrd),
});

/** Rules that stand at the spec: they need the number of nodes as well. */
export const TOPOLOGY_RULES: readonly Rule[] = WITH_NODES.map(forCrd);

/** Which nodes are linked, as a person wrote it. */
export type TopologySpec = Type.Static<typeof TopologySchema>;

/** What is wrong with the topology of a network that fits the schema, as `field: message`. */
export function topologyProblems(topology: TopologySpec, nodes: number): string[] {
  const own = OWN_FIELDS.filter(({ isBroken }) => isBroken(topology))
    .map(({ fieldPath = "", message }) => `spec.topology${fieldPath}: ${message}`);
  const others = WITH_NODES.filter(({ isBroken }) => nodes > 0 && isBroken(topology, nodes))
    .map(({ fieldPath = "", message }) => `spec${fieldPath}: ${message}`);
  return [...own, ...others];
}

function forCrd({ rule, message, fieldPath, reason }: Rule): Rule {
  return { rule, message, ...(fieldPath && { fieldPath }), ...(reason && { reason }) };
}

function edgeName(edge: readonly number[]): string {
  return edge.toSorted((a, b) => a - b).join("-");
}
