/** Nodes that are slow, silent, replaced, wanted no more, or ahead. */

import assert from "node:assert/strict";
import { PODS, SECRETS, STATEFUL_SETS } from "../../lib/kube/mod.ts";
import { settle } from "../support/fake_clock.ts";
import { Rig } from "./_rig.ts";

/** What the status says of a node. */
function messageOf(rig: Rig, ordinal: number): string {
  return rig.network().status?.nodes?.[ordinal]?.message ?? "";
}

Deno.test("reconcile() waits for a node that warms up, and says so", async () => {
  await using rig = new Rig();
  rig.wish({ nodes: 2 });
  await rig.run();
  rig.cluster.runPods("net", rig.of().model);
  rig.of().nodes.moods.set(1, "warming up");
  const { requeueAfterMs } = await rig.run();
  assert.equal(requeueAfterMs, 2_000);
  assert.match(messageOf(rig, 1), /bitcoind is starting.*Loading block index/);
  assert.equal(rig.condition("Synced"), "False/Syncing");
  assert.deepEqual(rig.of().nodes.actions, [], "nobody dials it");
  rig.of().nodes.release();
  await rig.live(10_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
});

Deno.test("reconcile() blames no node that cannot be reached while its pod is starting", async () => {
  await using rig = new Rig();
  rig.wish({ nodes: 2 });
  await rig.run();
  rig.cluster.runPods("net", rig.of().model);
  const live = rig.cluster.get(PODS, "net-sts-1");
  const container = { name: "c", image: "i", imageID: "", ready: false, restartCount: 0 };
  const setStarted = (started: boolean): unknown =>
    rig.cluster.put(PODS, {
      ...live,
      status: { ...live.status, conditions: [], containerStatuses: [{ ...container, started }] },
    });
  setStarted(false);
  rig.of().nodes.moods.set(1, "hanging");
  await rig.run();
  assert.equal(messageOf(rig, 1), "Its RPC does not answer");
  assert.equal(rig.condition("Connected"), "False/Connecting");
  assert.equal(rig.condition("Synced"), "False/Syncing");
  setStarted(true);
  await rig.run();
  assert.equal(rig.condition("Connected"), "False/NodesUnreachable");
});

Deno.test("reconcile() says what to do when a node refuses the credentials", async () => {
  await using rig = new Rig();
  await rig.settled();
  const secret = rig.cluster.get(SECRETS, "net-rpc");
  rig.cluster.put(SECRETS, { ...secret, data: { ...secret.data, BC_RPC_PASSWORD: btoa("other") } });
  await rig.clock.advance(31_000);
  // The pods still run with the hash of the password before.
  const conf = rig.cluster.get(SECRETS, "net-conf");
  rig.cluster.refusals.set("PATCH secrets/net-conf", () => Response.json(conf));
  await rig.run();
  assert.match(messageOf(rig, 0), /refuses the credentials.*delete its pod/);
  assert.equal(rig.condition("Connected"), "False/NodesUnreachable");
});

Deno.test("reconcile() has nothing to do with a node of another chain", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.of().nodes.moods.set(2, "other chain");
  await rig.run();
  assert.match(messageOf(rig, 2), /chain 'main' instead of 'regtest'/);
});

Deno.test("reconcile() ends within about a second when a node hangs, and looks after the others", async () => {
  await using rig = new Rig();
  await rig.settled({ nodes: 4 });
  const { model, nodes } = rig.of();
  nodes.moods.set(3, "hanging");
  model.perform(0, { kind: "remove", node: "net-sts-1.net-svc", isForeign: false });
  const { tookMs } = await rig.run();
  assert.ok(tookMs <= 1_100, `took ${tookMs} ms`);
  assert.equal(rig.condition("Ready"), "True/Ready", "it may only be late");
  await rig.clock.advance(4_000);
  await rig.run();
  assert.equal(messageOf(rig, 3), "Its RPC does not answer");
  assert.equal(rig.condition("Synced"), "False/NodesUnreachable");
  assert.equal(
    rig.condition("Connected"),
    "True/AllConnected",
    "the others are linked to it still",
  );
  assert.deepEqual(nodes.actions, [
    "0 addnode net-sts-1.net-svc add",
  ]);
  assert.equal(rig.events.filter((event) => event === "Warning NodeUnreachable").length, 1);
  nodes.release();
});

Deno.test("reconcile() asks a hanging node once at a time, the others not faster, and tells of it once", async () => {
  await using rig = new Rig();
  await rig.settled();
  const { nodes } = rig.of();
  nodes.moods.set(2, "hanging");
  await rig.live(30_000);
  const asked = (ordinal: number): number => nodes.polls.filter((one) => one === ordinal).length;
  // A poll takes 5 s, and a run in between waits for none.
  assert.ok(asked(2) >= 3 && asked(2) <= 6, `asked ${asked(2)} times in 30 s`);
  assert.ok(asked(0) <= 16, `asked ${asked(0)} times in 30 s`);
  assert.equal(rig.events.filter((event) => event === "Warning NodeUnreachable").length, 1);
  assert.equal(rig.writes.length, 1, "one status");
  nodes.release();
});

Deno.test("reconcile() is asked for when a late answer comes, and believes it", async () => {
  await using rig = new Rig();
  await rig.settled();
  const { nodes } = rig.of();
  nodes.moods.set(2, "hanging");
  await rig.run();
  assert.deepEqual(rig.enqueued, []);
  assert.deepEqual(rig.writes, [], "one late answer is no news");
  nodes.release();
  await settle();
  assert.deepEqual(rig.enqueued, ["test/net"]);
  // A node that is always late is seen all the same: its answer counts for the next run.
  nodes.moods.set(2, "hanging");
  nodes.polls.length = 0;
  await rig.run();
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.ok(!nodes.polls.includes(2));
  nodes.release();
});

Deno.test("reconcile() says why a node cannot be reached", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.of().nodes.moods.set(1, "refusing");
  await rig.run();
  assert.match(messageOf(rig, 1), /connection refused/);
  assert.deepEqual(rig.events, ["Warning NodeUnreachable"]);
});

Deno.test("reconcile() cuts the links to a pod that was replaced, and links the new one at once", async () => {
  await using rig = new Rig();
  await rig.settled();
  const { model, nodes } = rig.of();
  const before = model.nodes.get(1)?.ip;
  rig.cluster.remove(PODS, "net-sts-1");
  // The others still hang on the connection to the pod before.
  model.start(1);
  await rig.run();
  assert.equal(rig.condition("NodesReady"), "False/NodesMissing");
  const set = rig.cluster.get(STATEFUL_SETS, "net-sts");
  rig.cluster.put(PODS, {
    metadata: {
      name: "net-sts-1",
      uid: "uid-of-another",
      labels: { "controller-revision-hash": set.status?.updateRevision ?? "" },
      ownerReferences: [{
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        name: "net-sts",
        uid: set.metadata.uid,
        controller: true,
      }],
    },
    status: {
      podIP: model.nodes.get(1)?.ip ?? "",
      conditions: [{ type: "Ready", status: "True" }],
    },
  });
  for (let i = 0; i < 4; i++) await rig.run();
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.equal(model.strangers, 0, "nothing hangs on the pod before");
  assert.ok(nodes.actions.length > 0);
  const replaced = rig.notes.filter((_, index) => rig.events[index] === "Normal NodeReplaced");
  assert.deepEqual(replaced, [
    `net-sts-1 has a new pod: its address is ${model.nodes.get(1)?.ip} instead of ${before}`,
  ]);
});

Deno.test("reconcile() links those that come, says Scaled once, and has no condition about the spec before", async () => {
  await using rig = new Rig();
  await rig.settled({ nodes: 2 });
  rig.wish({ nodes: 5 });
  await rig.run();
  const { status, metadata } = rig.network();
  assert.equal(status?.observedGeneration, metadata?.generation);
  for (const { type, status: value, observedGeneration } of status?.conditions ?? []) {
    assert.equal(observedGeneration, metadata?.generation, type);
    if (type === "Ready" || type === "Connected") assert.equal(value, "False", type);
  }
  await rig.live(20_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.deepEqual(rig.events.filter((event) => event === "Normal Scaled"), ["Normal Scaled"]);
  assert.ok(rig.notes.includes("Scaled from 2 to 5 nodes"));
  assert.equal(rig.network().status?.connections?.summary, "10/10");
});

Deno.test("reconcile() takes those that leave out of the others' lists and cuts them off while they still run", async () => {
  await using rig = new Rig();
  await rig.settled({ nodes: 5 });
  const { model } = rig.of();
  rig.wish({ nodes: 2 });
  for (let i = 0; i < 3; i++) await rig.run();
  for (const ordinal of [0, 1]) {
    const node = model.nodes.get(ordinal);
    assert.deepEqual(node?.added, [`net-sts-${1 - ordinal}.net-svc`]);
  }
  assert.deepEqual(rig.events.filter((event) => event !== "Normal Scaled"), []);
  rig.cluster.runPods("net", model);
  await rig.live(20_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.deepEqual(rig.network().status?.nodes?.map(({ ordinal }) => ordinal), [0, 1]);
  rig.wish({ nodes: 5 });
  await rig.live(20_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.ok(!rig.events.includes("Normal NodeReplaced"), "who comes back replaces nobody");
});

Deno.test("reconcile() stops all nodes and calls it suspended, not failed", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.wish({ nodes: 0 });
  await rig.live(30_000);
  assert.equal(rig.condition("Ready"), "False/Suspended");
  assert.equal(rig.condition("Reconciling"), "");
  assert.deepEqual(rig.network().status?.nodes, []);
  assert.equal(rig.of().model.nodes.size, 0);
});

Deno.test("reconcile() removes an entry that a person added by hand, and tells of it once", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.of().model.perform(0, { kind: "add", node: "1.2.3.4:18444" });
  rig.of().model.tick();
  await rig.live(20_000);
  assert.deepEqual(rig.events, ["Normal Repaired"]);
  assert.match(rig.notes[0] ?? "", /^Removed '1\.2\.3\.4:18444' from the added nodes of net-sts-0/);
  assert.equal(rig.of().model.strangers, 0);
});

Deno.test("reconcile() tells once of an entry that a busy node takes its time to remove", async () => {
  await using rig = new Rig();
  await rig.settled();
  const { model, nodes } = rig.of();
  model.perform(0, { kind: "add", node: "1.2.3.4:18444" });
  nodes.moods.set(0, "busy");
  for (let i = 0; i < 5; i++) await rig.run();
  nodes.release();
  await rig.live(20_000);
  assert.deepEqual(rig.events, ["Normal Repaired"]);
});

Deno.test("reconcile() rolls another image out and tells when all pods have it", async () => {
  await using rig = new Rig();
  await rig.settled();
  rig.wish({ image: "bitcoin/bitcoin:31.0" });
  await rig.live(30_000);
  assert.equal(rig.events.filter((event) => event === "Normal RolledOut").length, 1);
  assert.equal(rig.condition("Ready"), "True/Ready");
});

Deno.test("reconcile() writes heights at most once in 5 s, and the last one in the end", async () => {
  await using rig = new Rig();
  await rig.settled();
  const { model } = rig.of();
  for (let height = 1; height <= 20; height++) {
    for (const ordinal of [0, 1, 2]) model.heights.set(ordinal, height);
    await rig.run();
    await rig.clock.advance(500);
  }
  assert.ok(rig.writes.length <= 3, `${rig.writes.length} writes in 10 s`);
  await rig.live(20_000);
  assert.equal(rig.network().status?.height, 20);
  assert.deepEqual(rig.events, []);
});

Deno.test("reconcile() tells of a fork once", async () => {
  await using rig = new Rig();
  await rig.settled();
  const { model } = rig.of();
  model.tips.set(0, "a");
  model.tips.set(1, "b");
  await rig.live(20_000);
  assert.equal(rig.condition("Synced"), "False/Forked");
  assert.deepEqual(rig.events, ["Warning ForkDetected"]);
});
