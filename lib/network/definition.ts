/** The CustomResourceDefinition of BitcoinNetwork, made from its schema. */

import type { CustomResourceDefinition } from "kubernetes-types/apiextensions/v1.d.ts";
import * as Type from "typebox";
import { GROUP, KIND, VERSION } from "./names.ts";
import { MAX_NAME_LENGTH, SpecSchema, StatusSchema } from "./schema.ts";

/** The rule for names, and what a person is told who breaks it. */
const NAME_RULE = {
  rule: `size(self.metadata.name) <= ${MAX_NAME_LENGTH} && ` +
    "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
  message: `the name must be at most ${MAX_NAME_LENGTH} lower-case letters, digits and '-', ` +
    "begin with a letter and end with a letter or digit",
};

/** Columns of `kubectl get`; those with a priority are for `-o wide`. */
const COLUMNS = [
  {
    name: "Nodes",
    type: "integer",
    jsonPath: ".spec.nodes",
    description: "Nodes that are wanted.",
  },
  {
    name: "Ready",
    type: "integer",
    jsonPath: ".status.readyReplicas",
    description: "Pods that are Ready.",
  },
  {
    name: "Connections",
    type: "string",
    jsonPath: ".status.connections.summary",
    description: "Links that are up, of those that are wanted.",
  },
  {
    name: "Height",
    type: "integer",
    jsonPath: ".status.height",
    description: "Height of the best chain.",
  },
  {
    name: "Status",
    type: "string",
    jsonPath: ".status.conditions[?(@.type=='Ready')].reason",
    description: "Why it is Ready or not.",
  },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  {
    name: "Topology",
    type: "string",
    jsonPath: ".spec.topology.type",
    priority: 1,
    description: "Which nodes are linked.",
  },
  {
    name: "Image",
    type: "string",
    jsonPath: ".spec.image",
    priority: 1,
    description: "Image of the nodes.",
  },
  { name: "Tip", type: "string", jsonPath: ".status.tip", priority: 1, description: "Last block." },
];

/** The definition, as `manifests/crd.yaml` has it. */
export function customResourceDefinition(): CustomResourceDefinition {
  const schema = Type.Object({ spec: SpecSchema, status: Type.Optional(StatusSchema) }, {
    "description": "BitcoinNetwork is a network of bitcoind nodes for tests.",
    "x-kubernetes-validations": [NAME_RULE],
  });
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `bitcoinnetworks.${GROUP}` },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: {
        kind: KIND,
        plural: "bitcoinnetworks",
        singular: "bitcoinnetwork",
        shortNames: ["btcnet"],
        categories: ["bitcoin"],
      },
      versions: [{
        name: VERSION,
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: {
            specReplicasPath: ".spec.nodes",
            statusReplicasPath: ".status.replicas",
            labelSelectorPath: ".status.selector",
          },
        },
        additionalPrinterColumns: COLUMNS,
        // JSON leaves out what TypeBox keeps beside a JSON schema.
        schema: { openAPIV3Schema: JSON.parse(JSON.stringify(schema)) },
      }],
    },
  };
}
