/** What breaks and comes back, in virtual time: how soon the links are up again. */

import assert from "node:assert/strict";
import { PODS } from "../../lib/kube/mod.ts";
import type { Mood } from "./_fake_nodes.ts";
import { Rig } from "./_rig.ts";
import { Running } from "./_running.ts";

/** All links of a mesh of 3, one in each direction. */
const MESH = ["0>1", "0>2", "1>0", "1>2", "2>0", "2>1"];

/** Time until all links of a network are up, in virtual ms. */
async function untilLinked(
  { rig, pass }: { rig: Rig; pass: (ms: number) => Promise<void> },
  name = "net",
  limitMs = 60_000,
): Promise<number> {
  const start = rig.clock.monotonic();
  const { model } = rig.of(name);
  while (model.links(3).join() !== MESH.join() || model.strangers > 0) {
    const ms = rig.clock.monotonic() - start;
    assert.ok(ms < limitMs, `linked within ${limitMs} ms; there is ${model.links(3)}`);
    await pass(100);
  }
  return rig.clock.monotonic() - start;
}

/** A controller at work on networks that are at rest. */
async function atRest(
  use: (running: Running, pass: (ms: number) => Promise<void>) => Promise<void>,
  names?: readonly string[],
): Promise<void> {
  await using rig = new Rig();
  await using running = new Running(rig);
  await running.bringUp(names);
  await use(running, (ms) => running.pass(ms));
  for (const nodes of rig.nodes.values()) nodes.release();
}

/** Says that a pod is Ready, or not, as the kubelet does. */
function setReady(rig: Rig, ordinal: number, ready: boolean): void {
  const pod = rig.cluster.get(PODS, `net-sts-${ordinal}`);
  const ip = rig.of().model.nodes.get(ordinal)?.ip ?? "";
  const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
  rig.cluster.put(PODS, { ...pod, status: { ...pod.status, podIP: ip, conditions } });
}

Deno.test("a pod that turns Ready is dialled at once, not at the next poll", async () => {
  await atRest(async ({ rig }, pass) => {
    const { model, nodes } = rig.of();
    model.restart(1);
    nodes.moods.set(1, "refusing");
    setReady(rig, 1, false);
    await pass(5_000);
    nodes.release();
    setReady(rig, 1, true);
    await pass(0);
    assert.equal(await untilLinked({ rig, pass }), 0);
    assert.equal(model.nodes.get(1)?.added.length, 2, "its list is as before");
  });
});

Deno.test("a pod that is replaced uncleanly is linked when its successor answers, and nobody hangs on it", async () => {
  await atRest(async ({ rig }, pass) => {
    const { model } = rig.of();
    rig.cluster.remove(PODS, "net-sts-1");
    model.start(1);
    await pass(0);
    const hanging = [0, 2].flatMap((one) => model.links(3).filter((link) => link === `${one}>1`));
    assert.deepEqual(hanging, [], "the others have let go of the pod before");
    model.stop(1);
    rig.cluster.runPods("net", model);
    await pass(0);
    assert.equal(await untilLinked({ rig, pass }), 0);
  });
});

Deno.test("a pod that keeps its name and UID, and has another address, is asked and linked there", async () => {
  await atRest(async ({ rig }, pass) => {
    const { model, nodes } = rig.of();
    // The poll under way is to the address before, where nobody answers any more.
    nodes.moods.set(1, "hanging");
    await pass(17_000);
    assert.equal(rig.condition("Connected"), "True/AllConnected");
    assert.equal(rig.condition("Synced"), "False/NodesUnreachable");
    model.start(1);
    nodes.moods.clear();
    setReady(rig, 1, true);
    await pass(0);
    assert.equal(await untilLinked({ rig, pass }), 0);
    await pass(1_000);
    assert.equal(rig.condition("Ready"), "True/Ready");
  });
});

Deno.test("a link that somebody cut is up after a poll", async () => {
  await atRest(async ({ rig }, pass) => {
    const { model } = rig.of();
    for (let id = 0; id < 100; id++) model.perform(0, { kind: "disconnect", id, why: "" });
    assert.notDeepEqual(model.links(3), MESH);
    assert.ok(await untilLinked({ rig, pass }) <= 10_000);
  });
});

Deno.test("a node whose p2p part is off is not dialled, and linked 2 s after it is on again", async () => {
  await atRest(async ({ rig }, pass) => {
    const { model, nodes } = rig.of();
    model.setActive(1, false);
    await pass(25_000);
    assert.equal(rig.condition("Connected"), "False/ConnectionsLost");
    assert.deepEqual(nodes.actions.filter((action) => action.includes("onetry")), []);
    model.setActive(1, true);
    assert.ok(await untilLinked({ rig, pass }) <= 2_200);
  });
});

const MOODS: readonly [mood: Mood, message: RegExp][] = [
  ["hanging", /^Its RPC does not answer$/],
  ["refusing", /connection refused/],
  ["warming up", /^bitcoind is starting: .*Loading block index/],
  ["unauthorized", /refuses the credentials.*delete its pod/],
  ["forbidden", /does not let the controller in \(HTTP 403\)/],
  ["overloaded", /has too much to do \(HTTP 503\): 'Work queue depth exceeded'/],
  ["other chain", /chain 'main' instead of 'regtest'/],
];

for (const [mood, message] of MOODS) {
  Deno.test(`a node that is ${mood} is told of, keeps its links, and is back 2 s after that is over`, async () => {
    await atRest(async ({ rig }, pass) => {
      const { model, nodes } = rig.of();
      nodes.moods.set(1, mood);
      // A poll, and the time that a node may take for its answer.
      await pass(17_000);
      assert.match(rig.network().status?.nodes?.[1]?.message ?? "", message);
      assert.equal(rig.condition("Ready").startsWith("False/"), true);
      assert.deepEqual(model.links(3), MESH, "nobody cuts it off for that");
      // Meanwhile it loses one.
      const before = rig.clock.monotonic();
      model.restart(1);
      nodes.release();
      await untilLinked({ rig, pass });
      assert.ok(rig.clock.monotonic() - before <= 2_200);
      await pass(1_000);
      assert.equal(rig.condition("Ready"), "True/Ready");
    });
  });
}

Deno.test("a node that hangs delays the links of its network by a second once, and those of another not at all", async () => {
  await atRest(async ({ rig }, pass) => {
    const cut = (name: string): void => {
      const { model } = rig.of(name);
      for (let id = 0; id < 3000; id++) model.perform(0, { kind: "disconnect", id, why: "" });
    };
    const touch = (name: string): void => {
      rig.cluster.put(PODS, rig.cluster.get(PODS, `${name}-sts-0`));
    };
    rig.of("net").nodes.moods.set(2, "hanging");
    // It has to be another node that does not answer: what it cannot tell, nobody mends.
    const others = (name: string): boolean =>
      ["0>1", "1>0"].every((link) => rig.of(name).model.links(3).includes(link));
    const measure = async (name: string): Promise<number> => {
      const start = rig.clock.monotonic();
      cut(name);
      touch(name);
      while (!others(name)) {
        assert.ok(rig.clock.monotonic() - start < 10_000);
        await pass(50);
      }
      return rig.clock.monotonic() - start;
    };
    const first = await measure("net");
    assert.ok(first <= 1_050, `${first} ms`);
    await pass(7_000);
    for (let round = 0; round < 5; round++) {
      assert.ok(await measure("net") <= 50, "it is known by now");
      assert.ok(await measure("two") <= 50, "it is none of its business");
      await pass(1_300);
    }
  }, ["net", "two"]);
});

Deno.test("a spec that is edited while nodes are down is what they come back to", async () => {
  await atRest(async ({ rig }, pass) => {
    const { model, nodes } = rig.of();
    for (const ordinal of [1, 2]) nodes.moods.set(ordinal, "refusing");
    await pass(5_000);
    rig.wish({ nodes: 4, topology: { type: "Star", hub: 1 } });
    await pass(500);
    rig.cluster.runPods("net", model);
    await pass(5_000);
    assert.equal(rig.condition("Connected"), "False/NodesUnreachable");
    nodes.release();
    await pass(3_000);
    assert.equal(rig.condition("Ready"), "True/Ready");
    // Of two neighbours the lower one dials, or the other one if the distance is even.
    assert.deepEqual(model.links(4), ["0>1", "1>2", "3>1"]);
  });
});

Deno.test("a network that is scaled to 0 and back comes up as it was, with new pods", async () => {
  await atRest(async ({ rig }, pass) => {
    const { model } = rig.of();
    rig.wish({ nodes: 0 });
    await pass(500);
    rig.cluster.runPods("net", model);
    await pass(12_000);
    assert.equal(rig.condition("Ready"), "False/Suspended");
    rig.wish({ nodes: 3 });
    await pass(500);
    rig.cluster.runPods("net", model);
    await pass(0);
    assert.equal(await untilLinked({ rig, pass }), 0);
    await pass(1_000);
    assert.equal(rig.condition("Ready"), "True/Ready");
  });
});
