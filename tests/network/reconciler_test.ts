/** One network from its birth to rest, and what it costs there. */

import assert from "node:assert/strict";
import { PODS, SECRETS, SERVICES, STATEFUL_SETS } from "../../lib/kube/mod.ts";
import { BITCOIN_NETWORKS } from "../../lib/network/mod.ts";
import type { NetworkWorld } from "../../lib/network/network_world.ts";
import { failure } from "../support/scripted_server.ts";
import { Rig } from "./_rig.ts";

Deno.test("reconcile() creates the objects in the order in which they need each other, and tells of it", async () => {
  await using rig = new Rig();
  rig.wish();
  assert.equal((await rig.run()).requeueAfterMs, 1_000);
  const objects = [
    "PATCH services/net-svc",
    "POST secrets",
    "PATCH secrets/net-conf",
    "PATCH statefulsets/net-sts",
  ];
  assert.deepEqual(rig.writes, objects);
  assert.deepEqual(rig.cluster.requests, objects, "a new network's objects are not looked for");
  await rig.run();
  assert.deepEqual(rig.writes.slice(objects.length), ["PATCH bitcoinnetworks/net/status"]);
  assert.deepEqual(rig.events, ["Normal CreatedService", "Normal CreatedStatefulSet"]);
  assert.equal(rig.condition("NodesReady"), "False/NodesMissing");
  assert.equal(rig.condition("Reconciling"), "True/NodesMissing");
  assert.equal(rig.network().status?.selector, "app=net");
});

Deno.test("reconcile() writes nothing when it hears of its pods in another order", async () => {
  let turn = (pods: ReturnType<NetworkWorld["pods"]>): typeof pods => pods;
  await using rig = new Rig({
    lag: (world) => ({ ...world, pods: (uid) => turn(world.pods(uid)) }),
  });
  rig.wish();
  await rig.live(2_000);
  for (const live of rig.cluster.list(PODS)) {
    rig.cluster.put(PODS, { ...live, status: { ...live.status, conditions: [] } });
  }
  await rig.live(10_000);
  assert.equal(rig.condition("NodesReady"), "False/NodesStarting");
  rig.forget();
  turn = (pods) => pods.toReversed();
  await rig.run();
  assert.deepEqual(rig.writes, []);
});

Deno.test("reconcile() writes nothing when it has nothing new to say", async () => {
  await using rig = new Rig();
  rig.wish();
  await rig.run();
  await rig.run();
  rig.forget();
  await rig.run();
  assert.deepEqual([rig.writes, rig.events], [[], []]);
});

Deno.test("reconcile() links all nodes and says so, with one event", async () => {
  await using rig = new Rig();
  rig.wish({ nodes: 4 });
  await rig.live(30_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.equal(rig.condition("Reconciling"), "");
  assert.deepEqual(rig.network().status?.connections, { desired: 6, actual: 6, summary: "6/6" });
  assert.equal(rig.of().model.parts(4).length, 1);
  assert.equal(rig.events.filter((event) => event === "Normal Connected").length, 1);
  assert.equal(rig.events.filter((event) => event.startsWith("Warning")).length, 0);
});

Deno.test("reconcile() links by address where names cannot be resolved", async () => {
  await using rig = new Rig({ peerAddresses: "ip" });
  await rig.settled({ nodes: 2 });
  assert.equal(rig.condition("Connected"), "True/AllConnected");
  const [first] = rig.of().model.nodes.values();
  assert.match(first?.added[0] ?? "", /^10\.0\.0\.\d+:18444$/);
});

Deno.test("reconcile() at rest writes nothing and asks each node once a poll", async () => {
  await using rig = new Rig();
  await rig.settled();
  await rig.live(60_000);
  assert.deepEqual([rig.writes, rig.events, rig.of().nodes.actions], [[], [], []]);
  const { polls } = rig.of().nodes;
  for (const ordinal of [0, 1, 2]) {
    assert.equal(polls.filter((asked) => asked === ordinal).length, 6, `node ${ordinal}`);
  }
  const reads = rig.cluster.requests.filter((what) => what.includes("secrets/"));
  assert.ok(reads.length <= 6, `${reads.length} reads of two Secrets in a minute`);
});

Deno.test("reconcile() does nothing for a network that is not there, or on its way out", async () => {
  await using rig = new Rig();
  assert.equal((await rig.run("none")).requeueAfterMs, undefined);
  await rig.settled();
  const network = rig.cluster.get(BITCOIN_NETWORKS, "net");
  rig.cluster.put(BITCOIN_NETWORKS, {
    ...network,
    metadata: { ...network.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
  });
  assert.equal((await rig.run()).requeueAfterMs, undefined);
  assert.deepEqual([rig.writes, rig.of().nodes.polls], [[], []]);
});

Deno.test("reconcile() ends in peace when the network is deleted while it runs", async () => {
  await using rig = new Rig();
  rig.wish();
  rig.cluster.refusals.set("PATCH bitcoinnetworks/net/status", () => {
    rig.cluster.remove(BITCOIN_NETWORKS, "net");
    rig.cluster.refusals.clear();
    return Response.json({ kind: "Status", code: 404, reason: "NotFound" }, { status: 404 });
  });
  await rig.run();
  await rig.run();
  assert.equal((await rig.run()).requeueAfterMs, undefined);
});

const DRIFTS: [what: string, change: (rig: Rig) => void, note: RegExp][] = [
  [
    "the replicas of the StatefulSet",
    (rig) => {
      const set = rig.cluster.get(STATEFUL_SETS, "net-sts");
      const { template, selector, serviceName } = set.spec ?? {};
      if (!template || !selector || !serviceName) throw new Error("The set has a spec");
      rig.cluster.put(STATEFUL_SETS, {
        ...set,
        spec: { ...set.spec, template, selector, serviceName, replicas: 1 },
      });
    },
    /^Put back spec\.replicas of StatefulSet 'net-sts'/,
  ],
  [
    "the selector of the Service",
    (rig) => {
      const service = rig.cluster.get(SERVICES, "net-svc");
      rig.cluster.put(SERVICES, { ...service, spec: { ...service.spec, selector: { app: "x" } } });
    },
    /^Put back spec\.selector\.app of Service 'net-svc'/,
  ],
  [
    "a key more in the selector of the Service, which no pod has,",
    (rig) => {
      const service = rig.cluster.get(SERVICES, "net-svc");
      const selector = { ...service.spec?.selector, tier: "x" };
      rig.cluster.put(SERVICES, { ...service, spec: { ...service.spec, selector } });
    },
    /^Put back spec\.selector\.tier of Service 'net-svc'/,
  ],
  [
    "a label of the Service",
    (rig) => {
      const service = rig.cluster.get(SERVICES, "net-svc");
      rig.cluster.put(SERVICES, { ...service, metadata: { ...service.metadata, labels: {} } });
    },
    /^Put back metadata\.labels\.app of Service 'net-svc'/,
  ],
  [
    "bitcoin.conf",
    (rig) => {
      const secret = rig.cluster.get(SECRETS, "net-conf");
      rig.cluster.put(SECRETS, { ...secret, data: { "bitcoin.conf": btoa("regtest=0\n") } });
    },
    /^Put back data\.bitcoin\.conf of Secret 'net-conf'/,
  ],
];

for (const [what, change, note] of DRIFTS) {
  Deno.test(`reconcile() puts back ${what} that somebody changed, and tells which field once`, async () => {
    await using rig = new Rig();
    await rig.settled();
    const before = JSON.stringify([
      rig.cluster.get(SERVICES, "net-svc").spec,
      rig.cluster.get(STATEFUL_SETS, "net-sts").spec,
      rig.cluster.get(SECRETS, "net-conf").data,
    ]);
    change(rig);
    await rig.live(45_000);
    const after = JSON.stringify([
      rig.cluster.get(SERVICES, "net-svc").spec,
      rig.cluster.get(STATEFUL_SETS, "net-sts").spec,
      rig.cluster.get(SECRETS, "net-conf").data,
    ]);
    assert.equal(after, before);
    const repairs = rig.notes.filter((_, index) => rig.events[index] === "Normal Repaired");
    assert.equal(repairs.length, 1);
    assert.match(repairs[0] ?? "", note);
  });
}

Deno.test("reconcile() makes a deleted Service anew", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.cluster.remove(SERVICES, "net-svc");
  await rig.run();
  assert.ok(rig.cluster.find(SERVICES, "net-svc"));
  assert.deepEqual(rig.events, ["Normal CreatedService"]);
});

Deno.test("reconcile() never overwrites credentials that were made a moment before", async () => {
  await using rig = new Rig();
  await rig.settled();
  const made = rig.cluster.get(SECRETS, "net-rpc");
  // Another controller, which has just started, looks the moment before they are there.
  await rig.reconciler.close();
  rig.cluster.refusals.set("GET secrets/net-rpc", () => {
    rig.cluster.refusals.clear();
    return failure(404, "NotFound");
  });
  await rig.run();
  assert.deepEqual(rig.cluster.get(SECRETS, "net-rpc"), made);
  assert.deepEqual(rig.writes, []);
  assert.equal(rig.condition("Ready"), "True/Ready");
});

Deno.test("reconcile() after a restart knows the nodes of before from any stranger", async () => {
  await using rig = new Rig({ peerAddresses: "ip" });
  await rig.settled();
  await rig.reconciler.close();
  const { model } = rig.of();
  rig.cluster.remove(PODS, "net-sts-1");
  model.stop(1);
  rig.cluster.runPods("net", model);
  await rig.live(20_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.ok(!rig.events.includes("Normal Repaired"), "no entry was a stranger's");
});

Deno.test("reconcile() makes a deleted Secret anew, as soon as it looks again", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.cluster.remove(SECRETS, "net-conf");
  await rig.live(45_000);
  assert.ok(rig.cluster.find(SECRETS, "net-conf"));
});

Deno.test("reconcile() neither writes nor tells twice while the informers lag behind its own writes", async () => {
  const late: { world?: NetworkWorld } = {};
  await using rig = new Rig({
    lag: (world) => ({
      network: (key) => (late.world ?? world).network(key),
      service: (namespace, name) => (late.world ?? world).service(namespace, name),
      statefulSet: (namespace, name) => (late.world ?? world).statefulSet(namespace, name),
      pods: (uid) => world.pods(uid),
    }),
  });
  await rig.settled();
  const changed = rig.cluster.get(SERVICES, "net-svc");
  rig.cluster.put(SERVICES, { ...changed, spec: { ...changed.spec, selector: { app: "x" } } });
  rig.wish({ nodes: 5 });
  const network = rig.world.network("test/net");
  const service = rig.world.service("test", "net");
  const set = rig.world.statefulSet("test", "net");
  late.world = {
    network: () => network,
    service: () => service,
    statefulSet: () => set,
    pods: () => [],
  };
  for (let i = 0; i < 3; i++) await rig.run();
  assert.deepEqual(rig.events.toSorted(), ["Normal Repaired", "Normal Scaled"]);
  assert.deepEqual(rig.writes.toSorted(), [
    "PATCH bitcoinnetworks/net/status",
    "PATCH services/net-svc",
    "PATCH statefulsets/net-sts/scale",
  ]);
  // The next number, before anything is heard of the last one.
  rig.wish({ nodes: 7 });
  const wish = rig.world.network("test/net");
  late.world = { ...late.world, network: () => wish };
  for (let i = 0; i < 3; i++) await rig.run();
  assert.deepEqual(rig.events.toSorted(), ["Normal Repaired", "Normal Scaled", "Normal Scaled"]);
  assert.equal(rig.writes.filter((write) => write.endsWith("/scale")).length, 2);
  assert.equal(rig.cluster.get(STATEFUL_SETS, "net-sts").spec?.replicas, 7);
});

Deno.test("reconcile() never shares anything between two networks", async () => {
  await using rig = new Rig();
  await rig.settled({ nodes: 3 }, "one");
  await rig.settled({ nodes: 3 }, "two");
  await rig.live(20_000, "one");
  const passwords = ["one", "two"].map((name) =>
    rig.cluster.get(SECRETS, `${name}-rpc`).data?.["BC_RPC_PASSWORD"]
  );
  assert.notEqual(passwords[0], passwords[1]);
  for (const name of ["one", "two"]) {
    assert.equal(rig.condition("Ready", name), "True/Ready");
    const { model } = rig.of(name);
    assert.equal(model.parts(3).length, 1);
    for (const { added } of model.nodes.values()) {
      for (const entry of added) assert.match(entry, new RegExp(`\\.${name}-svc$`));
    }
  }
});
