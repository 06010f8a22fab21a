/** The status of a network, and when it is worth a write. */

import assert from "node:assert/strict";
import { findCondition } from "../../lib/network/conditions.ts";
import type { BitcoinNetworkStatus } from "../../lib/network/mod.ts";
import {
  changeBetween,
  isSameStatus,
  type Observation,
  statusOf,
  versionOf,
} from "../../lib/network/status.ts";
import { condition, member, pod, rolledOut, settings, SILENT_NODE, up } from "./_samples.ts";

/** A network of two nodes where all is well, but for the changes. */
function seen(changes: Partial<Observation> = {}): Observation {
  const report = up({ height: 7 });
  return {
    name: "net",
    generation: 4,
    settings: settings({ nodes: 2 }),
    previous: undefined,
    pods: [pod(1), pod(0)],
    members: [member(0, report), member(1, report)],
    edges: 1,
    plan: { actual: 1, missing: new Map() },
    set: rolledOut(2),
    stall: undefined,
    failure: undefined,
    unkept: undefined,
    now: "2026-01-01T00:00:00Z",
    ...changes,
  };
}

/** Each condition as `Type=Status/Reason`. */
function summary({ conditions = [] }: BitcoinNetworkStatus): string[] {
  return conditions.map(({ type, status, reason }) => `${type}=${status}/${reason}`);
}

Deno.test("statusOf() tells of a network where all is well", () => {
  const status = statusOf(seen());
  assert.deepEqual(summary(status), [
    "NodesReady=True/AllNodesReady",
    "Connected=True/AllConnected",
    "Synced=True/AllSynced",
    "Ready=True/Ready",
  ]);
  const { conditions: _conditions, nodes, ...rest } = status;
  assert.deepEqual(rest, {
    replicas: 2,
    readyReplicas: 2,
    selector: "app=net",
    connections: { desired: 1, actual: 1, summary: "1/1" },
    height: 7,
    tip: "tip-7",
    forks: 0,
    observedGeneration: 4,
  });
  assert.deepEqual(nodes?.[0], {
    ordinal: 0,
    ready: true,
    ip: "10.0.0.1",
    nodeName: "net-sts-0",
    dnsName: "net-sts-0.net-svc",
    version: "30.0.0",
    height: 7,
    tip: "tip-7",
    peers: 0,
  });
  assert.deepEqual(nodes?.map(({ ordinal }) => ordinal), [0, 1]);
});

Deno.test("statusOf() is reconciling while a part fails, and not when there are no nodes", () => {
  const starting = statusOf(seen({ pods: [pod(0)], members: [member(0)] }));
  assert.deepEqual(summary(starting).slice(3), [
    "Ready=False/NodesMissing",
    "Reconciling=True/NodesMissing",
  ]);
  const none = statusOf(seen({
    settings: settings({ nodes: 0 }),
    pods: [],
    members: [],
    edges: 0,
    plan: { actual: 0, missing: new Map() },
  }));
  assert.deepEqual(summary(none).slice(3), ["Ready=False/Suspended"]);
  assert.equal(none.height, undefined);
});

Deno.test("statusOf() is stalled, and not reconciling, when a person must act", () => {
  const stall = { reason: "SecretMissing", message: "no Secret" } as const;
  const members = [0, 1].map((ordinal) => ({ ...member(ordinal), report: undefined }));
  const status = statusOf(seen({ stall, members, plan: { actual: 0, missing: new Map() } }));
  assert.deepEqual(summary(status).slice(1), [
    "Connected=False/NodesUnreachable",
    "Synced=False/NodesUnreachable",
    "Ready=False/SecretMissing",
    "Stalled=True/SecretMissing",
  ]);
});

Deno.test("statusOf() claims nothing of a spec that makes no sense", () => {
  const stall = { reason: "InvalidConfig", message: "spec.nodes: must be <= 100" } as const;
  const previous: BitcoinNetworkStatus = { conditions: [condition("Synced", "True", "AllSynced")] };
  const status = statusOf(seen({ settings: undefined, stall, previous, pods: [], members: [] }));
  assert.deepEqual(summary(status), ["Ready=False/InvalidConfig", "Stalled=True/InvalidConfig"]);
});

Deno.test("statusOf() has no condition that is about an older spec", () => {
  const previous = statusOf(seen({ generation: 3 }));
  const status = statusOf(seen({ previous, settings: settings({ nodes: 3 }), edges: 3 }));
  assert.deepEqual(status.conditions?.map(({ observedGeneration }) => observedGeneration), [
    4,
    4,
    4,
    4,
    4,
  ]);
  assert.equal(findCondition(status.conditions, "Ready")?.status, "False");
  assert.equal(findCondition(status.conditions, "Connected")?.reason, "Connecting");
});

Deno.test("statusOf() calls connections lost only where the same ones were there", () => {
  const lost = { actual: 0, missing: new Map([[0, ["net-sts-1"]]]) };
  const reason = (previous: BitcoinNetworkStatus | undefined): string | undefined =>
    findCondition(statusOf(seen({ previous, plan: lost })).conditions, "Connected")?.reason;
  const before = statusOf(seen());
  assert.equal(reason(undefined), "Connecting");
  assert.equal(reason(before), "ConnectionsLost");
  assert.equal(reason(statusOf(seen({ previous: before, plan: lost }))), "ConnectionsLost");
  const older = statusOf(seen({ generation: 1 }));
  assert.equal(reason(older), "Connecting", "another topology may have as many links");
});

Deno.test("statusOf() says of a node what it lacks, or why it does not answer", () => {
  const status = statusOf(seen({
    members: [member(0, up()), member(1, SILENT_NODE)],
    plan: { actual: 0, missing: new Map([[0, ["net-sts-1"]], [1, ["net-sts-0"]]]) },
  }));
  const [first, second] = status.nodes ?? [];
  assert.deepEqual(first?.missing, ["net-sts-1"]);
  assert.equal(second?.message, "no answer");
  assert.equal(second?.height, undefined);
});

Deno.test("statusOf() lists a pod that has no address yet", () => {
  const fresh = pod(1, { ready: false, ip: "" });
  const { nodes } = statusOf(seen({ pods: [pod(0), fresh], members: [member(0)] }));
  assert.deepEqual(nodes?.[1], {
    ordinal: 1,
    ready: false,
    ip: "",
    nodeName: "net-sts-1",
    dnsName: "net-sts-1.net-svc",
  });
});

Deno.test("versionOf() finds the version in a user agent", () => {
  const cases: [agent: string, version: string][] = [
    ["/Satoshi:30.0.0/", "30.0.0"],
    ["/Satoshi:30.0.0(net-sts-0)/", "30.0.0"],
    ["/Satoshi:29.4.3(net-sts-0)/Knots:20260508/", "29.4.3"],
    ["odd", "odd"],
  ];
  for (const [agent, version] of cases) assert.equal(versionOf(agent), version);
});

Deno.test("changeBetween() tells news from details, and both from heights", () => {
  const before = statusOf(seen());
  const mined = up({ height: 8 });
  const cases: [change: Partial<Observation>, kind: string][] = [
    [{ members: [member(0, mined), member(1, mined)] }, "heights"],
    [{ pods: [pod(0), pod(1, { ip: "10.0.0.9" })] }, "details"],
    [{ set: { ...rolledOut(2), status: { ...rolledOut(2).status, replicas: 3 } } }, "details"],
    [{ generation: 5 }, "news"],
    [{ pods: [pod(0), pod(1, { ready: false })] }, "news"],
    [{ plan: { actual: 0, missing: new Map() } }, "news"],
    [{ members: [member(0, mined), member(1, up({ height: 7 }))] }, "heights"],
    [{ stall: { reason: "Forbidden", message: "m" } }, "news"],
  ];
  for (const [change, kind] of cases) {
    const after = statusOf(seen({ ...change, previous: before }));
    assert.ok(!isSameStatus(before, after));
    assert.equal(changeBetween(before, after), kind, JSON.stringify(change));
  }
});

Deno.test("changeBetween() calls it news when an event tells of it, which would else be told twice", () => {
  const one = statusOf(seen({ members: [member(0, up()), member(1, SILENT_NODE)] }));
  const both = statusOf(seen({ members: [member(0, SILENT_NODE), member(1, SILENT_NODE)] }));
  const [first, second] = [one, both].map((status) => ({ ...status, conditions: [] }));
  assert.ok(first && second);
  assert.equal(changeBetween(first, second), "news");
});

Deno.test("isSameStatus() does not care for the order of fields, and does for all else", () => {
  const status = statusOf(seen());
  const turned = Object.fromEntries(Object.entries(status).reverse());
  assert.ok(isSameStatus(turned, status));
  assert.ok(!isSameStatus(undefined, status));
  assert.ok(!isSameStatus({ ...status, nodes: null }, status));
});
