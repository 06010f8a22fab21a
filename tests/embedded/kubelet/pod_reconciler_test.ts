import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { settle } from "../../support/fake_clock.ts";
import { conditionOf, kubeletTest, podPath } from "./_kubelet_harness.ts";

kubeletTest("ends a pod that is deleted, reports its end, and confirms it", async (t) => {
  await t.start();
  t.putPod("a");
  const pod = await t.untilReady("a");
  t.deletePod("a", 30);
  await t.untilGone("a");
  assert.deepEqual(t.runtime.last.signals, ["SIGTERM"]);
  assert.deepEqual(t.podWrites.slice(-2), ["PATCH a/status", "DELETE a"]);
  const status = JSON.stringify(t.api.writes.at(-2)?.body);
  assert.match(status, /"phase":"Succeeded"/);
  const { gracePeriodSeconds, preconditions } = t.api.writes.at(-1)?.body ?? {};
  assert.deepEqual([gracePeriodSeconds, preconditions], [0, { uid: pod.metadata.uid }]);
});

kubeletTest("kills a pod whose time to end is over", async (t) => {
  await t.start();
  t.putPod("a");
  await t.untilReady("a");
  t.runtime.last.exitCodeOnTerm = undefined;
  t.deletePod("a", 5);
  await eventually(() => t.runtime.last.signals.length === 1);
  await t.clock.advance(4000);
  t.api.put(podPath("a"), { ...t.pod("a") }); // News of the pod do not prolong its time.
  await t.clock.advance(999);
  assert.deepEqual(t.runtime.last.signals, ["SIGTERM"]);
  await t.clock.advance(1);
  assert.deepEqual(t.runtime.last.signals, ["SIGTERM", "SIGKILL"]);
  await t.untilGone("a");
});

kubeletTest("kills a pod sooner when a second deletion says so", async (t) => {
  await t.start();
  t.putPod("a");
  await t.untilReady("a");
  t.runtime.last.exitCodeOnTerm = undefined;
  t.deletePod("a", 600);
  await eventually(() => t.runtime.last.signals.length === 1);
  t.deletePod("a", 2);
  await settle();
  await t.clock.advance(2000);
  assert.deepEqual(t.runtime.last.signals, ["SIGTERM", "SIGKILL"]);
  await t.untilGone("a");
});

kubeletTest("ends a pod that has vanished", async (t) => {
  await t.start();
  t.putPod("a");
  await t.untilReady("a");
  t.api.remove(podPath("a"));
  await eventually(() => !t.runtime.last.running);
  assert.equal(t.podWrites.at(-1), "PATCH a/status");
});

kubeletTest("confirms the deletion of a pod that it has never run", async (t) => {
  t.putPod("a", {}, {
    metadata: { deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30 },
  });
  await t.start();
  await t.untilGone("a");
  assert.deepEqual(t.runtime.containers, []);
});

kubeletTest(
  "gives a pod that replaces another of its name a new address and a container of its own",
  async (t) => {
    await t.start();
    t.putPod("a");
    const before = await t.untilReady("a");
    t.runtime.last.exitCodeOnTerm = undefined;
    t.api.remove(podPath("a"));
    t.putPod("a", {}, { metadata: { uid: "another" } });
    const after = await t.untilPod(
      "a",
      "another one",
      (pod) => conditionOf(pod, "Ready") === "True",
    );
    assert.notEqual(after.status?.podIP, before.status?.podIP);
    const [first, second] = t.instances("a");
    assert.deepEqual([first?.signals, second?.running], [["SIGTERM"], true]);
    await t.clock.advance(30_000);
    assert.deepEqual([first?.running, second?.running], [false, true]);
  },
);

kubeletTest("notices that a pod was replaced while it saw only the last state", async (t) => {
  await t.start();
  t.putPod("a");
  await t.untilReady("a");
  t.putPod("a", {}, { metadata: { uid: "another" } }); // One MODIFIED event with another UID.
  await eventually(() => t.instances("a").length === 2);
  await eventually(() => !t.instances("a")[0]?.running);
});
