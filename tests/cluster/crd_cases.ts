/** What an API server refuses of a BitcoinNetwork and what it says then: tables, the same for every server. */

import { MAX_NAME_LENGTH, MAX_NODES } from "../../lib/network/mod.ts";
import { differentEdges } from "../network/_topology_cases.ts";

/** The cause that is added when a value is not even of the type that rules expect. */
export const UNCHECKED =
  "<nil>: Invalid value: null: some validation rules were not checked because " +
  "the object was invalid; correct the existing errors to complete validation";

/** The CRD's own rule. */
const NAME = '<nil>: Invalid value: "object": the name must be at most 46 lower-case letters, ' +
  "digits and '-', begin with a letter and end with a letter or digit";

/** What the server says, below the CRD's limits, of a number that a scale cannot show. */
export const NEGATIVE = ".spec.nodes: Invalid value: -1: should be a non-negative integer";

/** A new network that a server refuses. */
export interface Refusal {
  /** What is wrong with it. */
  readonly what: string;
  /** Its name, if that is what is wrong. */
  readonly name?: string;
  /** Its spec; absent if the network has none. */
  readonly spec?: unknown;
  /** What the server says, cause by cause. */
  readonly says: readonly string[];
}

/** Networks that cannot be created. */
export const REFUSALS: readonly Refusal[] = [
  {
    what: "a name that is too long",
    name: "a".repeat(MAX_NAME_LENGTH + 1),
    spec: { nodes: 1 },
    says: [NAME],
  },
  { what: "a name that begins with a digit", name: "1st", spec: { nodes: 1 }, says: [NAME] },
  { what: "a name with a dot", name: "a.b", spec: { nodes: 1 }, says: [NAME] },
  { what: "no spec", says: ["spec: Required value", UNCHECKED] },
  { what: "a spec that is null", spec: null, says: ["spec: Required value", UNCHECKED] },
  {
    what: "a spec that is a number",
    spec: 3,
    says: [
      'spec: Invalid value: "integer": spec in body must be of type object: "integer"',
      ".spec.nodes: Invalid value: 0: .spec.nodes accessor error: 3 is of the type int64, expected map[string]interface{}",
      UNCHECKED,
    ],
  },
  { what: "no number of nodes", spec: {}, says: ["spec.nodes: Required value", UNCHECKED] },
  {
    what: "nodes that are null",
    spec: { nodes: null },
    says: ["spec.nodes: Required value", UNCHECKED],
  },
  {
    what: "a negative number of nodes",
    spec: { nodes: -1 },
    says: [
      "spec.nodes: Invalid value: -1: spec.nodes in body should be greater than or equal to 0",
      NEGATIVE,
    ],
  },
  {
    what: "too many nodes",
    spec: { nodes: MAX_NODES + 1 },
    says: [
      "spec.nodes: Invalid value: 101: spec.nodes in body should be less than or equal to 100",
    ],
  },
  {
    what: "a number of nodes beyond 32 bits",
    spec: { nodes: 2 ** 32 },
    says: [
      "spec.nodes: Invalid value: 4294967296: spec.nodes in body should be less than or equal to 100",
      ".spec.nodes: Invalid value: 4294967296: should be less than or equal to 2147483647",
    ],
  },
  {
    what: "half a node",
    spec: { nodes: 1.5 },
    says: [
      'spec.nodes: Invalid value: "number": spec.nodes in body must be of type integer: "number"',
      ".spec.nodes: Invalid value: 0: .spec.nodes accessor error: 1.5 is of the type float64, expected int64",
      UNCHECKED,
    ],
  },
  {
    what: "a number of nodes that is text",
    spec: { nodes: "3" },
    says: [
      'spec.nodes: Invalid value: "string": spec.nodes in body must be of type integer: "string"',
      ".spec.nodes: Invalid value: 0: .spec.nodes accessor error: 3 is of the type string, expected int64",
      UNCHECKED,
    ],
  },
  {
    what: "a Secret's name that is too long",
    spec: { nodes: 1, secret: "s".repeat(254) },
    says: ["spec.secret: Too long: may not be more than 253 bytes", UNCHECKED],
  },
  {
    what: "a Secret's name that is a number",
    spec: { nodes: 1, secret: 7 },
    says: [
      'spec.secret: Invalid value: "integer": spec.secret in body must be of type string: "integer"',
      UNCHECKED,
    ],
  },
  {
    what: "an empty image",
    spec: { nodes: 1, image: "" },
    says: ['spec.image: Invalid value: "": spec.image in body should be at least 1 chars long'],
  },
  {
    what: "an image that is too long",
    spec: { nodes: 1, image: "i".repeat(513) },
    says: ["spec.image: Too long: may not be more than 512 bytes", UNCHECKED],
  },
  {
    what: "a pull policy that there is not",
    spec: { nodes: 1, imagePullPolicy: "Sometimes" },
    says: [
      'spec.imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
      UNCHECKED,
    ],
  },
  {
    what: "a type of topology that there is not",
    spec: { nodes: 3, topology: { type: "Mesh" } },
    says: [
      'spec.topology.type: Unsupported value: "Mesh": supported values: ' +
      '"Full", "Ring", "Star", "Line", "Random", "Edges"',
      UNCHECKED,
    ],
  },
  {
    what: "an edge of three nodes",
    spec: { nodes: 3, topology: { type: "Edges", edges: [[0, 1], [0, 1, 2]] } },
    says: ["spec.topology.edges[1]: Too many: 3: must have at most 2 items", UNCHECKED],
  },
  {
    what: "more edges than a list may have",
    spec: { nodes: MAX_NODES, topology: { type: "Edges", edges: differentEdges(601) } },
    says: ["spec.topology.edges: Too many: 601: must have at most 600 items", UNCHECKED],
  },
  {
    what: "an edge that is too short beside one that breaks a rule",
    spec: { nodes: 3, topology: { type: "Edges", edges: [[1], [2, 2]] } },
    says: [
      "spec.topology.edges[0]: Invalid value: 1: spec.topology.edges[0] in body should have at least 2 items",
      'spec.topology.edges: Invalid value: "object": an edge links two different nodes',
    ],
  },
];

/** The whole message for causes in a network of this name. */
export function invalidMessage(name: string, causes: readonly string[]): string {
  const list = causes.length === 1 ? causes[0] : `[${causes.join(", ")}]`;
  return `BitcoinNetwork.bitcoincontroller.christianb93.github.com "${name}" is invalid: ${list}`;
}
