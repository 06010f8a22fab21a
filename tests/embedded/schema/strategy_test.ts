import assert from "node:assert/strict";

import {
  asArray,
  asObject,
  customKind,
  type JsonObject,
  prepareForCreate,
  prepareForUpdate,
  valueAt,
  withValueAt,
} from "../../../lib/embedded/schema/mod.ts";
import { known, pod, thing, thingDefinition, thingKind } from "./_kinds.ts";

const kind = thingKind({ size: { type: "integer" } });

function things(spec: JsonObject, metadata: JsonObject, phase: string): JsonObject {
  return thing(spec, { metadata: { name: "a", ...metadata }, status: { phase } });
}

Deno.test("prepareForCreate() starts counting, and drops the status of the client", () => {
  const created = prepareForCreate(kind, things({ size: 1 }, { generation: 7 }, "Mine"));
  assert.deepEqual(created, thing({ size: 1 }, { metadata: { name: "a", generation: 1 } }));
});

Deno.test("prepareForCreate() keeps a status that is no subresource", () => {
  const definition = thingDefinition({});
  const [version] = asArray(valueAt(definition, "spec", "versions")).map(asObject);
  const plain = withValueAt(definition, ["spec", "versions"], [{ ...version, subresources: {} }]);
  const created = prepareForCreate(customKind(plain, "v1"), things({}, {}, "Mine"));
  assert.deepEqual(created.status, { phase: "Mine" });
});

Deno.test("prepareForCreate() gives a namespace the finalizer of the server", () => {
  const created = prepareForCreate(known("", "Namespace"), { spec: { finalizers: ["x.io/a"] } });
  assert.deepEqual(created, {
    spec: { finalizers: ["x.io/a", "kubernetes"] },
    status: { phase: "Active" },
  });
});

Deno.test("prepareForCreate() lets a node bring its status", () => {
  const node = { metadata: {}, status: { capacity: { pods: "1" } } };
  assert.deepEqual(prepareForCreate(known("", "Node"), node), node);
});

const QUALITY: readonly (readonly [resources: JsonObject, qosClass: string])[] = [
  [{}, "BestEffort"],
  [{ requests: { cpu: "0" } }, "BestEffort"],
  [{ requests: { cpu: "1" } }, "Burstable"],
  [{ limits: { cpu: "1", memory: "1" }, requests: { cpu: "500m", memory: "1" } }, "Burstable"],
  [{ limits: { cpu: "1", memory: "1" }, requests: { cpu: "1", memory: "1" } }, "Guaranteed"],
];

for (const [resources, qosClass] of QUALITY) {
  Deno.test(`prepareForCreate() calls a pod ${qosClass} for ${JSON.stringify(resources)}`, () => {
    const created = prepareForCreate(known("", "Pod"), pod({ resources }));
    assert.deepEqual(created.status, { phase: "Pending", qosClass });
  });
}

Deno.test("prepareForCreate() gives a pod at least a second to end in", () => {
  const created = prepareForCreate(
    known("", "Pod"),
    pod({}, { terminationGracePeriodSeconds: -5 }),
  );
  assert.equal(valueAt(created, "spec", "terminationGracePeriodSeconds"), 1);
});

const SERVICES: readonly (readonly [what: string, spec: JsonObject, created: JsonObject])[] = [
  ["one address", { type: "ClusterIP" }, {
    type: "ClusterIP",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
  }],
  ["no address when it is headless", { clusterIP: "None", selector: {} }, {
    clusterIP: "None",
    clusterIPs: ["None"],
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    selector: {},
  }],
  ["both families when it is headless and lists its addresses elsewhere", { clusterIP: "None" }, {
    clusterIP: "None",
    clusterIPs: ["None"],
    ipFamilies: ["IPv4", "IPv6"],
    ipFamilyPolicy: "RequireDualStack",
  }],
  ["none at all when it is a name elsewhere", { type: "ExternalName" }, { type: "ExternalName" }],
];

for (const [what, spec, created] of SERVICES) {
  Deno.test(`prepareForCreate() gives a service ${what}`, () => {
    assert.deepEqual(prepareForCreate(known("", "Service"), { spec }).spec, created);
  });
}

Deno.test("prepareForUpdate() keeps the status, and counts changes of what is wanted", () => {
  const old = things({ size: 1 }, { generation: 1 }, "Old");
  const updated = prepareForUpdate(kind, things({ size: 2 }, {}, "Mine"), old, "");
  assert.deepEqual(updated, things({ size: 2 }, { generation: 2 }, "Old"));
});

Deno.test("prepareForUpdate() does not count changes of metadata", () => {
  const old = things({ size: 1 }, { generation: 1 }, "Old");
  const labelled = things({ size: 1 }, { labels: { a: "b" } }, "Mine");
  const updated = prepareForUpdate(kind, labelled, old, "");
  assert.deepEqual(updated, things({ size: 1 }, { labels: { a: "b" }, generation: 1 }, "Old"));
});

Deno.test("prepareForUpdate() writes nothing but the status through the status", () => {
  const old = things({ size: 1 }, { generation: 1 }, "Old");
  const written = things({ size: 2 }, { labels: { a: "b" } }, "New");
  const updated = prepareForUpdate(kind, written, old, "status");
  assert.deepEqual(updated, things({ size: 1 }, { generation: 1 }, "New"));
});

Deno.test("prepareForUpdate() lets labels of a built-in kind change through its status", () => {
  const old = { metadata: { name: "n" }, spec: { podCIDR: "a" }, status: {} };
  const written = {
    metadata: { name: "n", labels: { a: "b" } },
    spec: { podCIDR: "c" },
    status: { phase: "x" },
  };
  assert.deepEqual(prepareForUpdate(known("", "Node"), written, old, "status"), {
    ...written,
    spec: old.spec,
  });
});

Deno.test("prepareForUpdate() keeps times of managers when nothing else changes", () => {
  const entry = { manager: "m", operation: "Update", apiVersion: "x.io/v1", time: "1" };
  const old = things({ size: 1 }, { generation: 1, managedFields: [entry] }, "Old");
  const managedFields = [{ ...entry, time: "2" }];
  const again = things({ size: 1 }, { generation: 1, managedFields }, "Old");
  assert.deepEqual(prepareForUpdate(kind, again, old, ""), old);
  const changed = prepareForUpdate(kind, withValueAt(again, ["spec", "size"], 2), old, "");
  assert.deepEqual(valueAt(changed, "metadata", "managedFields"), managedFields);
});

Deno.test("prepareForUpdate() keeps the addresses of a service that does not name them", () => {
  const old = {
    spec: {
      type: "NodePort",
      clusterIP: "10.0.0.1",
      clusterIPs: ["10.0.0.1"],
      ports: [{ port: 1, protocol: "TCP", nodePort: 30_000 }],
    },
  };
  const sent = { spec: { type: "NodePort", ports: [{ port: 1, protocol: "TCP" }] } };
  assert.deepEqual(prepareForUpdate(known("", "Service"), sent, old, "").spec, old.spec);
});

Deno.test("prepareForUpdate() gives up the addresses of a service that becomes a name elsewhere", () => {
  const old = { spec: { type: "ClusterIP", clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"] } };
  const sent = { spec: { ...old.spec, type: "ExternalName", externalName: "a.b" } };
  assert.deepEqual(prepareForUpdate(known("", "Service"), sent, old, "").spec, {
    type: "ExternalName",
    externalName: "a.b",
  });
});

Deno.test("prepareForUpdate() gives up the node ports of a service that comes inside", () => {
  const port = { port: 1, protocol: "TCP", nodePort: 30_000 };
  const old = { spec: { type: "NodePort", ports: [port] } };
  const sent = { spec: { type: "ClusterIP", ports: [port] } };
  assert.deepEqual(prepareForUpdate(known("", "Service"), sent, old, "").spec, {
    type: "ClusterIP",
    ports: [{ port: 1, protocol: "TCP" }],
  });
});

Deno.test("prepareForUpdate() keeps a pod's owners and quality of service through its status", () => {
  const ownerReferences = [{ uid: "1" }];
  const old = {
    metadata: { name: "p", ownerReferences },
    status: { phase: "Pending", qosClass: "Burstable" },
  };
  const written = { metadata: { name: "p" }, status: { phase: "Running" } };
  assert.deepEqual(prepareForUpdate(known("", "Pod"), written, old, "status"), {
    metadata: { name: "p", ownerReferences },
    status: { phase: "Running", qosClass: "Burstable" },
  });
});
