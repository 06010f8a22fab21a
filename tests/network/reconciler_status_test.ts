/** What a status says while things change: never True too early, and no more often than it says something new. */

import assert from "node:assert/strict";
import { PODS, SECRETS, STATEFUL_SETS } from "../../lib/kube/mod.ts";
import { BITCOIN_NETWORKS, type BitcoinNetworkStatus } from "../../lib/network/mod.ts";
import { failure } from "../support/scripted_server.ts";
import { Rig } from "./_rig.ts";

/** What each write of the status said of a condition, as `NodesReady=True@2`. */
function said(rig: Rig, type: string): string[] {
  return rig.cluster.writes.filter(({ what }) => what.endsWith("/status")).map(({ body }) => {
    // as: what is written there is a status.
    const { conditions } = body["status"] as BitcoinNetworkStatus;
    const found = conditions?.find((one) => one.type === type);
    return `${type}=${found?.status}@${found?.observedGeneration}`;
  });
}

/** Replaces the pods one after the other, as a StatefulSet controller does, with runs in between. */
async function rollByHand(rig: Rig): Promise<void> {
  const { model } = rig.of();
  const set = rig.cluster.get(STATEFUL_SETS, "net-sts");
  const { generation = 0 } = set.metadata;
  const replicas = set.spec?.replicas ?? 0;
  const { currentRevision = "" } = set.status ?? {};
  for (let ordinal = replicas - 1; ordinal >= 0; ordinal--) {
    const pod = rig.cluster.get(PODS, `net-sts-${ordinal}`);
    const updatedReplicas = replicas - ordinal;
    rig.cluster.put(STATEFUL_SETS, {
      ...rig.cluster.get(STATEFUL_SETS, "net-sts"),
      status: {
        replicas,
        observedGeneration: generation,
        currentRevision,
        updateRevision: "new",
        updatedReplicas,
      },
    });
    // The status of the set is ahead of what becomes of the pod.
    await rig.run();
    rig.cluster.remove(PODS, pod.metadata.name);
    model.stop(ordinal);
    await rig.run();
    model.start(ordinal);
    const { uid: _uid, labels, ...metadata } = pod.metadata;
    const podIP = model.nodes.get(ordinal)?.ip ?? "";
    const fresh = {
      ...pod,
      metadata: { ...metadata, labels: { ...labels, "controller-revision-hash": "new" } },
    };
    rig.cluster.put(PODS, { ...fresh, status: { podIP, conditions: [] } });
    await rig.run();
    rig.cluster.put(PODS, { ...fresh, status: { ...pod.status, podIP } });
    for (let i = 0; i < 4; i++) {
      await rig.run();
      model.tick();
    }
  }
  const done = rig.cluster.get(STATEFUL_SETS, "net-sts");
  rig.cluster.put(STATEFUL_SETS, {
    ...done,
    status: { ...done.status, replicas, currentRevision: "new" },
  });
  await rig.run();
}

Deno.test("reconcile() says that the network is not Ready before another image takes the first pod away", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.wish({ image: "bitcoin/bitcoin:31.0" });
  await rig.run();
  assert.deepEqual(rig.writes.filter((what) => !what.includes("secrets")), [
    "PATCH bitcoinnetworks/net/status",
    "PATCH statefulsets/net-sts",
    "PATCH bitcoinnetworks/net/status",
  ]);
  assert.deepEqual(said(rig, "Ready"), ["Ready=False@2", "Ready=False@2"]);
  assert.deepEqual(said(rig, "Connected"), ["Connected=True@1", "Connected=True@2"]);
});

Deno.test("reconcile() is not Ready until all pods have another image, and calls no link lost on the way", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.wish({ image: "bitcoin/bitcoin:31.0" });
  await rig.run();
  await rollByHand(rig);
  assert.equal(rig.condition("Ready"), "True/Ready");
  const ready = said(rig, "Ready");
  assert.deepEqual(ready.indexOf("Ready=True@2"), ready.length - 1);
  assert.ok(ready.length > 6, "it was looked at in between");
  assert.deepEqual(rig.events.filter((event) => event.startsWith("Warning")), []);
  assert.equal(rig.events.filter((event) => event === "Normal RolledOut").length, 1);
  const note = rig.notes[rig.events.indexOf("Normal RolledOut")];
  assert.equal(
    note,
    "All 3 pods have revision 'new' of the StatefulSet, with image 'bitcoin/bitcoin:31.0'",
  );
});

Deno.test("reconcile() says that the network is not Ready before other credentials take the first pod away", async () => {
  await using rig = new Rig();
  const data = { BC_RPC_USER: btoa("me"), BC_RPC_PASSWORD: btoa("secret") };
  rig.cluster.put(SECRETS, { metadata: { name: "mine" }, data });
  await rig.settled({ secret: "mine" });
  const other = { ...data, BC_RPC_PASSWORD: btoa("other") };
  rig.cluster.put(SECRETS, { metadata: { name: "mine" }, data: other });
  await rig.clock.advance(31_000);
  await rig.run();
  const writes = rig.writes.filter((what) => !what.includes("secrets"));
  assert.deepEqual(writes.slice(0, 2), [
    "PATCH bitcoinnetworks/net/status",
    "PATCH statefulsets/net-sts",
  ]);
  assert.equal(said(rig, "Ready")[0], "Ready=False@1");
});

Deno.test("reconcile() tells of a rollout that was under way when the controller was started", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.wish({ image: "bitcoin/bitcoin:31.0" });
  await rig.run();
  const set = rig.cluster.get(STATEFUL_SETS, "net-sts");
  const rolling = { replicas: 3, currentRevision: "old", updateRevision: "new" };
  rig.cluster.put(STATEFUL_SETS, { ...set, status: { ...set.status, ...rolling } });
  await rig.restart();
  await rig.run();
  await rollByHand(rig);
  assert.equal(rig.events.filter((event) => event === "Normal RolledOut").length, 1);
});

for (const refusal of ["statefulsets/net-sts", "secrets/net-conf"]) {
  Deno.test(`reconcile() claims nothing of pods with another image while it cannot write ${refusal}`, async () => {
    await using rig = new Rig();
    await rig.settled();
    rig.cluster.refusals.set(`PATCH ${refusal}`, () => failure(500, "InternalError"));
    rig.wish({ image: "bitcoin/bitcoin:31.0" });
    if (refusal.startsWith("secrets")) {
      const conf = rig.cluster.get(SECRETS, "net-conf");
      rig.cluster.put(SECRETS, { ...conf, data: {} });
      await rig.clock.advance(31_000);
    }
    for (let i = 0; i < 3; i++) await rig.run();
    assert.equal(rig.network().metadata?.generation, 2);
    assert.equal(rig.condition("NodesReady"), "False/NodesStarting");
    assert.equal(rig.condition("Ready"), "False/CreationError");
    assert.ok(!said(rig, "NodesReady").includes("NodesReady=True@2"));
    rig.cluster.refusals.clear();
    await rig.live(30_000);
    assert.equal(rig.condition("Ready"), "True/Ready");
  });
}

Deno.test("reconcile() goes on to call pods Ready that have this spec, whatever cannot be written now", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.cluster.remove(SECRETS, "net-conf");
  await rig.clock.advance(31_000);
  rig.cluster.refusals.set("PATCH secrets/net-conf", () => failure(500, "InternalError"));
  await rig.run();
  assert.equal(rig.condition("Ready"), "False/CreationError");
  assert.equal(rig.condition("NodesReady"), "True/AllNodesReady");
});

Deno.test("reconcile() tells of a failed write once, also when the controller is restarted", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.cluster.refusals.set("PATCH statefulsets/net-sts", () => failure(500, "InternalError"));
  rig.wish({ image: "bitcoin/bitcoin:31.0" });
  await rig.run();
  await rig.restart();
  for (let i = 0; i < 3; i++) await rig.run();
  assert.equal(rig.events.filter((event) => event === "Warning CreationError").length, 1);
});

Deno.test("reconcile() tells of another Secret that is missing", async () => {
  await using rig = new Rig();
  rig.wish({ secret: "one" });
  for (let i = 0; i < 3; i++) await rig.run();
  rig.wish({ secret: "two" });
  for (let i = 0; i < 3; i++) await rig.run();
  const told = rig.notes.filter((_, index) => rig.events[index] === "Warning SecretMissing");
  assert.deepEqual(told.map((note) => note.slice(0, 12)), ["Secret 'one'", "Secret 'two'"]);
});

Deno.test("reconcile() writes the status of a network that mines all the time twice in 5 s at most, and what is true in the end", async () => {
  await using rig = new Rig();
  await rig.settled();
  const { model } = rig.of();
  // A block a second; every other poll sees it under way to the last node.
  for (let height = 1; height <= 60; height++) {
    for (const ordinal of [0, 1]) model.heights.set(ordinal, height);
    if (height % 2) await rig.run();
    model.heights.set(2, height);
    await rig.run();
    await rig.clock.advance(1_000);
  }
  assert.ok(rig.writes.length >= 12, `${rig.writes.length} writes in a minute`);
  assert.ok(rig.writes.length <= 24, `${rig.writes.length} writes in a minute`);
  await rig.live(20_000);
  const { height, tip, nodes } = rig.network().status ?? {};
  assert.deepEqual([height, tip, nodes?.map((node) => node.height)], [60, "tip-60", [60, 60, 60]]);
  assert.equal(rig.condition("Synced"), "True/AllSynced");
  assert.deepEqual(rig.events, []);
});

Deno.test("reconcile() says that a node has fallen behind for good", async () => {
  await using rig = new Rig();
  await rig.settled();
  const { model } = rig.of();
  for (const ordinal of [0, 1]) model.heights.set(ordinal, 9);
  await rig.live(10_000);
  assert.equal(rig.condition("Synced"), "False/Syncing");
  assert.equal(rig.condition("Ready"), "False/Syncing");
  const synced = rig.network().status?.conditions?.find(({ type }) => type === "Synced");
  assert.equal(synced?.message, "net-sts-2 is at height 0 and not at height 9 yet");
});

Deno.test("reconcile() takes the chain with the most work for the best, though another one is higher", async () => {
  await using rig = new Rig();
  await rig.settled({ nodes: 2 });
  const { model } = rig.of();
  model.heights.set(0, 12);
  model.works.set(0, 3);
  model.heights.set(1, 7);
  model.works.set(1, 40);
  await rig.live(10_000);
  const { height, tip, forks } = rig.cluster.get(BITCOIN_NETWORKS, "net").status ?? {};
  assert.deepEqual([height, tip, forks], [7, "tip-7", 1]);
});

Deno.test("reconcile() comes back for what it may not write yet of a network whose spec makes no sense", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.wish({ topology: { type: "Star", hub: 3 } });
  assert.deepEqual(await rig.run(), { tookMs: 0 }, "only another spec changes anything");
  const set = rig.cluster.get(STATEFUL_SETS, "net-sts");
  rig.cluster.put(STATEFUL_SETS, { ...set, status: { ...set.status, replicas: 2 } });
  const { requeueAfterMs = Number.POSITIVE_INFINITY } = await rig.run();
  await rig.clock.advance(Math.min(requeueAfterMs, 10_000));
  await rig.run();
  assert.equal(rig.network().status?.replicas, 2);
  assert.ok(requeueAfterMs <= 1_000);
});
