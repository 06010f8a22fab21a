import assert from "node:assert/strict";

import {
  applyDefaults,
  asObject,
  type JsonObject,
  valueAt,
} from "../../../lib/embedded/schema/mod.ts";
import { known, pod } from "./_kinds.ts";

Deno.test("applyDefaults() fills in a StatefulSet and its claims", () => {
  const spec = asObject(
    applyDefaults(known("apps", "StatefulSet"), {
      spec: {
        selector: { matchLabels: { a: "b" } },
        serviceName: "s",
        template: { metadata: { labels: { a: "b" } }, spec: asObject(pod().spec) },
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: {} }],
      },
    }).spec,
  );
  const { template, ...rest } = spec;
  assert.equal(valueAt(template, "spec", "restartPolicy"), "Always");
  assert.deepEqual(rest, {
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    podManagementPolicy: "OrderedReady",
    replicas: 1,
    revisionHistoryLimit: 10,
    selector: { matchLabels: { a: "b" } },
    serviceName: "s",
    updateStrategy: { rollingUpdate: { partition: 0 }, type: "RollingUpdate" },
    volumeClaimTemplates: [{
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data" },
      spec: { resources: {}, volumeMode: "Filesystem" },
      status: { phase: "Pending" },
    }],
  });
});

Deno.test("applyDefaults() leaves a StatefulSet alone that is replaced by hand", () => {
  const set = applyDefaults(known("apps", "StatefulSet"), {
    spec: { updateStrategy: { type: "OnDelete" } },
  });
  assert.deepEqual(valueAt(set, "spec", "updateStrategy"), { type: "OnDelete" });
});

interface Case {
  readonly what: string;
  readonly kind: readonly [group: string, kind: string];
  readonly given: JsonObject;
  readonly path: readonly string[];
  readonly filled: unknown;
}

const CASES: readonly Case[] = [
  {
    what: "labels a namespace with its name",
    kind: ["", "Namespace"],
    given: { metadata: { name: "a", labels: { b: "c" } } },
    path: ["metadata", "labels"],
    filled: { b: "c", "kubernetes.io/metadata.name": "a" },
  },
  {
    what: "makes a node offer all that it has",
    kind: ["", "Node"],
    given: { status: { capacity: { pods: "10" } } },
    path: ["status", "allocatable"],
    filled: { pods: "10" },
  },
  {
    what: "names an unknown kind of Secret",
    kind: ["", "Secret"],
    given: {},
    path: ["type"],
    filled: "Opaque",
  },
  {
    what: "encodes the texts of a Secret over its data",
    kind: ["", "Secret"],
    given: { data: { a: "AA==", b: "AA==" }, stringData: { a: "₿" } },
    path: ["data"],
    filled: { a: "4oK/", b: "AA==" },
  },
  {
    what: "does not keep the texts of a Secret",
    kind: ["", "Secret"],
    given: { stringData: { a: "b" } },
    path: ["stringData"],
    filled: undefined,
  },
  {
    what: "names a CustomResourceDefinition's lists and single objects",
    kind: ["apiextensions.k8s.io", "CustomResourceDefinition"],
    given: { spec: { names: { kind: "Thing", plural: "things" } } },
    path: ["spec", "names"],
    filled: { kind: "Thing", plural: "things", singular: "thing", listKind: "ThingList" },
  },
  {
    what: "says how a Deployment rolls",
    kind: ["apps", "Deployment"],
    given: { spec: {} },
    path: ["spec", "strategy"],
    filled: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
  },
  {
    what: "gives a ReplicaSet one pod",
    kind: ["apps", "ReplicaSet"],
    given: { spec: {} },
    path: ["spec", "replicas"],
    filled: 1,
  },
  {
    what: "names the group of a role",
    kind: ["rbac.authorization.k8s.io", "RoleBinding"],
    given: { roleRef: { kind: "Role", name: "r" } },
    path: ["roleRef"],
    filled: { kind: "Role", name: "r", apiGroup: "rbac.authorization.k8s.io" },
  },
  {
    what: "says what a network policy is about",
    kind: ["networking.k8s.io", "NetworkPolicy"],
    given: { spec: { podSelector: {}, egress: [{ ports: [{ port: 1 }] }] } },
    path: ["spec"],
    filled: {
      podSelector: {},
      egress: [{ ports: [{ port: 1, protocol: "TCP" }] }],
      policyTypes: ["Ingress", "Egress"],
    },
  },
  {
    what: "names and numbers nothing in the ports of a slice but their protocol",
    kind: ["discovery.k8s.io", "EndpointSlice"],
    given: { addressType: "IPv4", endpoints: [], ports: [{ port: 1 }] },
    path: ["ports"],
    filled: [{ name: "", port: 1, protocol: "TCP" }],
  },
  {
    what: "binds volumes of a storage class at once",
    kind: ["storage.k8s.io", "StorageClass"],
    given: { provisioner: "p" },
    path: ["volumeBindingMode"],
    filled: "Immediate",
  },
];

for (const { what, kind: [group, kind], given, path, filled } of CASES) {
  Deno.test(`applyDefaults() ${what}`, () => {
    assert.deepEqual(valueAt(applyDefaults(known(group, kind), given), ...path), filled);
  });
}
