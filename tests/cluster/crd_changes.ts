/** Changes of a BitcoinNetwork, its scale and its status that an API server refuses, and what it says then: a table. */

import { NEGATIVE, UNCHECKED } from "./crd_cases.ts";

/** A change of an existing network that a server refuses. */
export interface ChangeRefusal {
  /** What is wrong with it. */
  readonly what: string;
  /**
   * The spec before.
   *
   * @default {one node}
   */
  readonly before?: unknown;
  /** Subresource that is changed; absent for the network itself. */
  readonly subresource?: "scale" | "status";
  /** The change, as a merge patch. */
  readonly patch: unknown;
  /** What the server says, cause by cause. */
  readonly says: readonly string[];
}

/** A condition as it should be. */
const CONDITION = {
  type: "Ready",
  status: "True",
  observedGeneration: 1,
  lastTransitionTime: "2024-01-02T03:04:05Z",
  reason: "Ready",
  message: "",
};

/** Its fields; all are required. */
const FIELDS = [
  "type",
  "status",
  "observedGeneration",
  "lastTransitionTime",
  "reason",
  "message",
] as const;

/** A status that is refused: one condition with another value in a field, or without that field. */
function badCondition(
  what: string,
  field: keyof typeof CONDITION,
  value: unknown,
  ...says: string[]
): ChangeRefusal {
  const patch = { status: { conditions: [{ ...CONDITION, [field]: value }] } };
  return { what: `a condition with ${what}`, subresource: "status", patch, says };
}

function badStatus(what: string, status: unknown, ...says: string[]): ChangeRefusal {
  return { what: `a status with ${what}`, subresource: "status", patch: { status }, says };
}

/** Changes that cannot be made. */
export const CHANGE_REFUSALS: readonly ChangeRefusal[] = [
  {
    what: "a negative number of nodes",
    patch: { spec: { nodes: -1 } },
    says: [
      "spec.nodes: Invalid value: -1: spec.nodes in body should be greater than or equal to 0",
      NEGATIVE,
    ],
  },
  {
    what: "nodes that are taken away",
    patch: { spec: { nodes: null } },
    says: ["spec.nodes: Required value", UNCHECKED],
  },
  {
    what: "a scale that is too large",
    subresource: "scale",
    patch: { spec: { replicas: 101 } },
    says: [
      "spec.nodes: Invalid value: 101: spec.nodes in body should be less than or equal to 100",
    ],
  },
  {
    what: "a scale below zero",
    subresource: "scale",
    patch: { spec: { replicas: -1 } },
    says: [
      "spec.nodes: Invalid value: -1: spec.nodes in body should be greater than or equal to 0",
      NEGATIVE,
    ],
  },
  ...FIELDS.map((field) =>
    badCondition(
      `no ${field}`,
      field,
      undefined,
      inCondition(`${field}: Required value`),
      UNCHECKED,
    )
  ),
  badCondition(
    "an empty reason",
    "reason",
    "",
    inCondition(
      'reason: Invalid value: "": conditions[0].reason in body should be at least 1 chars long',
    ),
  ),
  badCondition(
    "a reason that is too long",
    "reason",
    "r".repeat(1025),
    inCondition("reason: Too long: may not be more than 1024 bytes"),
    UNCHECKED,
  ),
  badCondition(
    "a message that is too long",
    "message",
    "m".repeat(32_769),
    inCondition("message: Too long: may not be more than 32768 bytes"),
    UNCHECKED,
  ),
  badCondition(
    "a type that is too long",
    "type",
    "t".repeat(317),
    inCondition("type: Too long: may not be more than 316 bytes"),
    UNCHECKED,
  ),
  badCondition(
    "a status that there is not",
    "status",
    "Maybe",
    inCondition('status: Unsupported value: "Maybe": supported values: "True", "False", "Unknown"'),
    UNCHECKED,
  ),
  badCondition(
    "a generation below zero",
    "observedGeneration",
    -1,
    inCondition(
      "observedGeneration: Invalid value: -1: conditions[0].observedGeneration in body should be greater than or equal to 0",
    ),
  ),
  badCondition(
    "a time that is none",
    "lastTransitionTime",
    "yesterday",
    inCondition(
      'lastTransitionTime: Invalid value: "yesterday": conditions[0].lastTransitionTime in body must be of type date-time: "yesterday"',
    ),
    UNCHECKED,
  ),
  badStatus(
    "a condition twice",
    { conditions: [CONDITION, CONDITION] },
    'status.conditions[1]: Duplicate value: {"type":"Ready"}',
  ),
  badStatus(
    "a node that lacks its fields",
    { nodes: [{}] },
    ...["ordinal", "ready", "ip", "nodeName", "dnsName"].map((field) =>
      `status.nodes[0].${field}: Required value`
    ),
    UNCHECKED,
  ),
  badStatus(
    "connections that lack their fields",
    { connections: {} },
    ...["desired", "actual", "summary"].map((field) =>
      `status.connections.${field}: Required value`
    ),
    UNCHECKED,
  ),
  badStatus(
    "a height that is text",
    { height: "7" },
    'status.height: Invalid value: "string": height in body must be of type integer: "string"',
    UNCHECKED,
  ),
  badStatus(
    "a negative number of replicas",
    { replicas: -1 },
    ".status.replicas: Invalid value: -1: should be a non-negative integer",
  ),
  badStatus(
    "a selector that is a number",
    { selector: 7 },
    'status.selector: Invalid value: "integer": selector in body must be of type string: "integer"',
    '.status.selector: Invalid value: "": .status.selector accessor error: 7 is of the type int64, expected string',
    UNCHECKED,
  ),
];

/** A cause in the first condition. */
function inCondition(cause: string): string {
  return `status.conditions[0].${cause}`;
}
