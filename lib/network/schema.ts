/**
 * The schema of BitcoinNetwork, written once: its TypeScript types, the CRD, the controller's own validation and
 * the API reference all come from here.
 */

import * as Type from "typebox";
import { int32 } from "./_int32.ts";
import { MAX_NODES, TOPOLOGY_RULES, TopologySchema } from "./topology_schema.ts";

/** Longest name: the one whose StatefulSet's revision label still fits into 63 characters. */
export const MAX_NAME_LENGTH = 46;
/** The image if none is given. */
export const DEFAULT_IMAGE = "bitcoin/bitcoin:30.0";

const text = (description: string, options: Type.TStringOptions = {}): Type.TString =>
  Type.String({ description, ...options });

/** What a person wants. */
export const SpecSchema = Type.Object({
  nodes: int32(
    "Number of bitcoind nodes. 0 stops them, and their chains are lost.",
    { minimum: 0, maximum: MAX_NODES },
  ),
  secret: Type.Optional(text(
    "Name of a Secret in the same namespace with the keys BC_RPC_USER and BC_RPC_PASSWORD. If it is absent or " +
      "empty, the controller generates the Secret <name>-rpc.",
    { maxLength: 253 },
  )),
  image: Type.Optional(text(
    "Container image with bitcoind and bitcoin-cli on its PATH, Bitcoin Core 26 or later.",
    { default: DEFAULT_IMAGE, minLength: 1, maxLength: 512 },
  )),
  imagePullPolicy: Type.Optional(Type.Enum(["Always", "IfNotPresent", "Never"], {
    type: "string",
    default: "IfNotPresent",
    description: "When the image is pulled.",
  })),
  topology: Type.Optional(TopologySchema),
}, {
  "description": "What is wanted of the network.",
  "x-kubernetes-validations": TOPOLOGY_RULES,
});

const NodeSchema = Type.Object({
  ordinal: int32("Number of the node, from 0."),
  ready: Type.Boolean({ description: "Whether its pod is Ready." }),
  ip: text("Address of its pod; empty until it has one."),
  nodeName: text("Name of its pod."),
  dnsName: text("DNS name of its pod within the namespace."),
  version: Type.Optional(text("Version of its bitcoind.")),
  height: Type.Optional(int32("Height of its best chain.")),
  tip: Type.Optional(text("Hash of the last block of its best chain.")),
  peers: Type.Optional(int32("Connections whose handshake is done.")),
  missing: Type.Optional(Type.Array(Type.String(), {
    description: "Names of the nodes that it should be linked to and is not.",
  })),
  message: Type.Optional(text("Why its RPC does not answer.")),
}, { description: "One node, as it was last seen." });

const ConditionSchema = Type.Object({
  type: text("Name of the condition.", { maxLength: 316 }),
  status: Type.Enum(["True", "False", "Unknown"], {
    type: "string",
    description: "Whether it holds.",
  }),
  observedGeneration: Type.Integer({
    format: "int64",
    minimum: 0,
    description: "The metadata.generation that this is about.",
  }),
  lastTransitionTime: text("When the status last changed.", { format: "date-time" }),
  reason: text("Why, for machines.", { minLength: 1, maxLength: 1024 }),
  message: text("Why, for people, and what to do.", { maxLength: 32768 }),
}, { description: "One aspect of how the network is." });

/** What the controller says of it. */
export const StatusSchema = Type.Object({
  // The original's typed clients send null for an empty list.
  nodes: Type.Optional(Type.Array(NodeSchema, {
    nullable: true,
    description: "The nodes that exist, by ordinal.",
  })),
  replicas: Type.Optional(int32("Pods that exist.")),
  readyReplicas: Type.Optional(int32("Pods that are Ready.")),
  selector: Type.Optional(text("Label selector of the pods, for the scale subresource.")),
  connections: Type.Optional(Type.Object({
    desired: int32("Edges of the topology."),
    actual: int32("Edges that are up."),
    summary: text("actual/desired, for kubectl get."),
  }, { description: "Links between the nodes." })),
  height: Type.Optional(int32("Height of the best chain, the one with the most work.")),
  tip: Type.Optional(text("Hash of its last block.")),
  forks: Type.Optional(int32("Distinct tips beyond one.")),
  observedGeneration: Type.Optional(Type.Integer({
    format: "int64",
    description: "The metadata.generation that this status is about.",
  })),
  conditions: Type.Optional(Type.Array(ConditionSchema, {
    "description":
      "NodesReady, Connected, Synced and Ready; Reconciling and Stalled while they hold.",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["type"],
  })),
}, { description: "How the network is." });

/** What a person wants. */
export type BitcoinNetworkSpec = Type.Static<typeof SpecSchema>;
/** How the network is. */
export type BitcoinNetworkStatus = Omit<Type.Static<typeof StatusSchema>, "nodes"> & {
  /** The nodes that exist, by ordinal; null from a client of the original. */
  nodes?: NodeStatus[] | null;
};
/** One node, as it was last seen. */
export type NodeStatus = Type.Static<typeof NodeSchema>;
/** One aspect of how the network is. */
export type Condition = Type.Static<typeof ConditionSchema>;
