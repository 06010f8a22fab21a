/** The rows of everything but pods. */

import assert from "node:assert/strict";

import type { ApiObject } from "../../../../lib/embedded/api/object.ts";
import {
  CLAIMS_TABLE,
  CONFIG_MAPS_TABLE,
  LEASES_TABLE,
  SECRETS_TABLE,
  SERVICE_ACCOUNTS_TABLE,
} from "../../../../lib/embedded/api/tables/configuration.ts";
import { customTable, DEFINITIONS_TABLE } from "../../../../lib/embedded/api/tables/custom.ts";
import { EVENTS_TABLE } from "../../../../lib/embedded/api/tables/events.ts";
import { NAMESPACES_TABLE, NODES_TABLE } from "../../../../lib/embedded/api/tables/nodes.ts";
import { SERVICES_TABLE } from "../../../../lib/embedded/api/tables/services.ts";
import {
  CONTROLLER_REVISIONS_TABLE,
  STATEFUL_SETS_TABLE,
} from "../../../../lib/embedded/api/tables/workloads.ts";

const CREATED = "2026-01-01T00:00:00Z";
const NOW = Date.parse(CREATED) + 90_000;
const NONE = "<none>";

function object(rest: Record<string, unknown>, metadata: Record<string, unknown> = {}): ApiObject {
  return { metadata: { name: "a", creationTimestamp: CREATED, ...metadata }, ...rest } as ApiObject;
}

const CASES = [
  ["a config map", CONFIG_MAPS_TABLE, object({ data: { x: "1" }, binaryData: { y: "" } }), [
    "a",
    2,
    "90s",
  ]],
  ["a secret", SECRETS_TABLE, object({ type: "Opaque", data: { x: "" } }), [
    "a",
    "Opaque",
    1,
    "90s",
  ]],
  ["a service account", SERVICE_ACCOUNTS_TABLE, object({}), ["a", 0, "90s"]],
  ["a lease", LEASES_TABLE, object({ spec: { holderIdentity: "x" } }), ["a", "x", "90s"]],
  [
    "a bound claim",
    CLAIMS_TABLE,
    object({
      spec: { volumeName: "v", storageClassName: "s", volumeMode: "Filesystem" },
      status: { phase: "Bound", capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"] },
    }),
    ["a", "Bound", "v", "1Gi", "RWO", "s", "<unset>", "90s", "Filesystem"],
  ],
  [
    "a headless service",
    SERVICES_TABLE,
    object({
      spec: {
        type: "ClusterIP",
        clusterIP: "None",
        clusterIPs: ["None"],
        ports: [{ port: 1, protocol: "TCP" }, { port: 2, nodePort: 30001, protocol: "UDP" }],
        selector: { b: "2", a: "1" },
      },
    }),
    ["a", "ClusterIP", "None", NONE, "1/TCP,2:30001/UDP", "90s", "a=1,b=2"],
  ],
  [
    "a service with a balancer to come",
    SERVICES_TABLE,
    object({ spec: { type: "LoadBalancer", clusterIP: "10.0.0.1" } }),
    ["a", "LoadBalancer", "10.0.0.1", "<pending>", NONE, "90s", NONE],
  ],
  [
    "a service by another name",
    SERVICES_TABLE,
    object({ spec: { type: "ExternalName", externalName: "x.example" } }),
    ["a", "ExternalName", NONE, "x.example", NONE, "90s", NONE],
  ],
  ["a namespace", NAMESPACES_TABLE, object({ status: { phase: "Active" } }), [
    "a",
    "Active",
    "90s",
  ]],
  ["a new node", NODES_TABLE, object({}), [
    "a",
    "Unknown",
    NONE,
    "90s",
    "",
    NONE,
    NONE,
    "<unknown>",
    "<unknown>",
    "<unknown>",
  ]],
  [
    "a node that is closed",
    NODES_TABLE,
    object({
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
        nodeInfo: {
          kubeletVersion: "v1",
          osImage: "os",
          kernelVersion: "k",
          containerRuntimeVersion: "process://1",
        },
      },
    }, { labels: { "node-role.kubernetes.io/control-plane": "" } }),
    [
      "a",
      "Ready,SchedulingDisabled",
      "control-plane",
      "90s",
      "v1",
      "127.0.0.1",
      NONE,
      "os",
      "k",
      "process://1",
    ],
  ],
  [
    "a stateful set",
    STATEFUL_SETS_TABLE,
    object({
      spec: {
        replicas: 3,
        template: { spec: { containers: [{ name: "c", image: "x" }, { name: "d", image: "y" }] } },
      },
      status: { readyReplicas: 2 },
    }),
    ["a", "2/3", "90s", "c,d", "x,y"],
  ],
  [
    "a revision",
    CONTROLLER_REVISIONS_TABLE,
    object({ revision: 4 }, {
      ownerReferences: [{
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        name: "s",
        controller: true,
      }],
    }),
    ["a", "statefulset.apps/s", 4, "90s"],
  ],
  ["a revision of nobody", CONTROLLER_REVISIONS_TABLE, object({ revision: 4 }), [
    "a",
    NONE,
    4,
    "90s",
  ]],
  ["a CRD", DEFINITIONS_TABLE, object({}), ["a", CREATED]],
  [
    "an event of the new kind",
    EVENTS_TABLE,
    object({
      involvedObject: { kind: "Pod", name: "p" },
      eventTime: CREATED,
      type: "Normal",
      reason: "R",
      message: " said \n",
      reportingComponent: "c",
      reportingInstance: "i",
      source: {},
    }),
    ["90s", "Normal", "R", "pod/p", "", "c, i", "said", "90s", 1, "a"],
  ],
  [
    "an event that was repeated",
    EVENTS_TABLE,
    object({
      involvedObject: { kind: "Pod", name: "p", fieldPath: "spec" },
      eventTime: CREATED,
      series: { count: 7, lastObservedTime: "2026-01-01T00:01:00Z" },
      source: { component: "kubelet", host: "n" },
    }),
    ["30s", "", "", "pod/p", "spec", "kubelet, n", "", "90s", 7, "a"],
  ],
  [
    "an event of the old kind",
    EVENTS_TABLE,
    object({
      involvedObject: { kind: "Node" },
      firstTimestamp: CREATED,
      lastTimestamp: "2026-01-01T00:01:20Z",
      count: 3,
    }),
    ["10s", "", "", "node", "", "", "", "90s", 3, "a"],
  ],
] as const;

for (const [what, layout, row, cells] of CASES) {
  Deno.test(`a Table shows ${what} as ${JSON.stringify(cells)}`, () => {
    assert.deepEqual(layout.cells(row, NOW), cells);
    assert.equal(layout.columns.length, cells.length);
  });
}

Deno.test("customTable() shows what its columns ask for, each by its type", () => {
  const columns = [
    { name: "Int", type: "integer", jsonPath: ".n" },
    { name: "Number", type: "number", jsonPath: ".n" },
    { name: "Flag", type: "boolean", jsonPath: ".b" },
    { name: "Date", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "Text", type: "string", jsonPath: ".n" },
    { name: "List", type: "string", jsonPath: ".l" },
    { name: "Wrong", type: "integer", jsonPath: ".b" },
    {
      name: "Nothing",
      type: "string",
      jsonPath: ".nothing",
      priority: 1,
      description: "d",
      format: "f",
    },
  ];
  const { columns: heads, cells } = customTable(columns);
  assert.deepEqual(cells(object({ n: 1.5, b: true, l: [1, "x"] }), NOW), [
    "a",
    1,
    1.5,
    true,
    "90s",
    "1.5",
    '[1,"x"]',
    null,
    null,
  ]);
  assert.deepEqual(heads.at(-1), {
    name: "Nothing",
    type: "string",
    format: "f",
    description: "d",
    priority: 1,
  });
  assert.equal(heads[1]?.description, "Custom resource definition column (in JSONPath format): .n");
});

Deno.test("customTable() shows the age if no columns are asked for", () => {
  const { columns, cells } = customTable(undefined);
  assert.deepEqual(columns.map(({ name }) => name), ["Name", "Age"]);
  assert.deepEqual(cells(object({}), NOW), ["a", "90s"]);
});
