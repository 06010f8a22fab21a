import assert from "node:assert/strict";

import { StatefulSetController } from "../../../lib/embedded/controllers/mod.ts";
import { CONTROLLER_REVISIONS, type Stored } from "../../../lib/kube/mod.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { eventually, until, untilGone } from "../../support/eventually.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { LateWatch } from "./_late_watch.ts";
import type { Fate } from "./_pod_driver.ts";
import { World } from "./_world.ts";

const WEB = ["web-0", "web-1", "web-2"];

function start(fate?: (pod: Readonly<Stored<Pod>>) => Fate): Promise<World> {
  return World.start({
    controllers: (client) => [new StatefulSetController({ client })],
    ...(fate && { fate }),
  });
}

Deno.test("StatefulSetController gives a set its pods, each with its identity", async () => {
  await using world = await start();
  const set = await world.createSet();
  const { status } = await world.rolledOut(3);
  const pods = await world.podsNamed(WEB);
  const { metadata, spec } = pods[1] ?? {};
  assert.deepEqual(metadata?.labels, {
    app: "web",
    "apps.kubernetes.io/pod-index": "1",
    "controller-revision-hash": status?.updateRevision,
    "statefulset.kubernetes.io/pod-name": "web-1",
  });
  assert.equal(spec?.hostname, "web-1");
  assert.equal(spec?.subdomain, "web-svc");
  assert.deepEqual(metadata?.ownerReferences, [{
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    name: "web",
    uid: set.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }]);
  assert.deepEqual(status, {
    observedGeneration: 1,
    replicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    currentRevision: status?.updateRevision,
    updateRevision: status?.updateRevision,
    collisionCount: 0,
  });
  const note = await world.eventNote("SuccessfulCreate", /web-2/);
  assert.equal(note, "create Pod web-2 in StatefulSet web successful");
});

Deno.test("StatefulSetController creates ordered pods one after the other, when the last is ready", async () => {
  await using world = await start(() => "pending");
  await world.createSet({ podManagementPolicy: "OrderedReady" });
  const names: string[] = [];
  for (const name of WEB) {
    names.push(name);
    const pods = await world.podsNamed(names);
    const last = pods.at(-1);
    assert.ok(last);
    await world.driver.report(last, "Running", true);
  }
  await world.rolledOut(3);
});

Deno.test("StatefulSetController scales ordered pods down from the highest, one after the other", async () => {
  await using world = await start();
  await world.createSet({ podManagementPolicy: "OrderedReady" });
  await world.rolledOut(3);
  const gone = await world.deletionsDuring(async () => {
    await world.sets.scale.update("web", 1);
    await world.rolledOut(1);
  });
  assert.deepEqual(gone, ["web-2", "web-1"]);
  assert.equal(
    await world.eventNote("SuccessfulDelete", /web-1/),
    "delete Pod web-1 in StatefulSet web successful",
  );
});

Deno.test("StatefulSetController scales parallel pods up and down to none", async () => {
  await using world = await start();
  await world.createSet({ replicas: 1 });
  await world.rolledOut(1);
  await world.sets.scale.update("web", 4);
  await world.rolledOut(4);
  await world.podsNamed([...WEB, "web-3"]);
  await world.sets.scale.update("web", 0);
  await world.rolledOut(0);
  assert.deepEqual((await world.pods.list()).items, []);
});

Deno.test("StatefulSetController replaces pods that were deleted and pods that have failed", async () => {
  await using world = await start();
  await world.createSet();
  await world.rolledOut(3);
  const [first, second] = await world.podsNamed(WEB);
  assert.ok(first && second);
  await world.pods.delete("web-0");
  await world.driver.report(second, "Failed", false);
  const replaced = (old: Stored<Pod>): Promise<unknown> =>
    until(
      world.pods,
      (pods) =>
        pods.some(({ metadata, status }) =>
          metadata.name === old.metadata.name && metadata.uid !== old.metadata.uid &&
          status?.phase === "Running"
        ),
      { what: `another ${old.metadata.name}` },
    );
  await Promise.all([replaced(first), replaced(second)]);
  await world.rolledOut(3);
});

Deno.test("StatefulSetController leaves somebody else's pod alone, warns, and takes the name once it is free", async () => {
  await using world = await start();
  const foreign = await world.pods.create({
    metadata: { name: "web-1" },
    spec: { terminationGracePeriodSeconds: 1, containers: [{ name: "c", image: "x" }] },
  });
  await world.createSet();
  const note = await world.eventNote("FailedCreate");
  assert.match(
    note,
    /^create Pod web-1 in StatefulSet web failed error: pods "web-1" already exists/,
  );
  const pods = await world.podsNamed(WEB);
  assert.equal(pods[1]?.metadata.uid, foreign.metadata.uid);
  assert.equal(pods[1]?.metadata.ownerReferences, undefined);
  await world.pods.delete("web-1");
  await world.rolledOut(3);
});

Deno.test("StatefulSetController adopts the pods and revisions that a set of its name was made to leave behind", async () => {
  await using world = await start();
  const before = await world.createSet();
  await world.rolledOut(3);
  const left = await world.podsNamed(WEB);
  // The world has no garbage collector: what it does for an orphaning deletion is done here.
  await world.sets.delete("web", { propagationPolicy: "Background" });
  await untilGone(world.sets);
  const revisions = world.client.resource(CONTROLLER_REVISIONS, world.namespace);
  const ownerless = { metadata: { ownerReferences: [] } };
  for (const { metadata } of left) await world.pods.mergePatch(metadata.name, ownerless);
  for (const { metadata } of (await revisions.list()).items) {
    await revisions.mergePatch(metadata.name, ownerless);
  }
  const after = await world.createSet();
  assert.notEqual(after.metadata.uid, before.metadata.uid);
  await world.rolledOut(3);
  const adopted = await world.podsNamed(WEB);
  assert.deepEqual(
    adopted.map(({ metadata }) => metadata.uid),
    left.map(({ metadata }) => metadata.uid),
  );
  const owners = [...adopted, ...(await revisions.list()).items].map(({ metadata }) =>
    metadata.ownerReferences?.map(({ uid }) => uid)
  );
  assert.deepEqual(owners, Array(4).fill([after.metadata.uid]));
});

Deno.test("StatefulSetController lets go of a pod that is no longer selected and puts back an identity label", async () => {
  await using world = await start();
  await world.createSet();
  await world.rolledOut(3);
  await world.pods.mergePatch("web-2", { metadata: { labels: { app: null } } });
  await until(
    world.pods,
    (pods) =>
      pods.some(({ metadata }) => metadata.name === "web-2" && !metadata.ownerReferences?.length),
  );
  await world.pods.mergePatch("web-0", {
    metadata: { labels: { "statefulset.kubernetes.io/pod-name": null } },
  });
  await until(world.pods, (pods) =>
    pods.some(({ metadata }) =>
      metadata.name === "web-0" &&
      metadata.labels?.["statefulset.kubernetes.io/pod-name"] === "web-0"
    ));
});

Deno.test("StatefulSetController counts a pod as available when it has been ready for minReadySeconds", async () => {
  const clock = new FakeClock();
  await using world = await World.start({
    controllers: (client) => [new StatefulSetController({ client, clock })],
    clock,
  });
  const start = clock.now();
  await world.createSet({ minReadySeconds: 10 });
  const { status } = await world.rolledOut(3);
  assert.equal(status?.availableReplicas ?? 0, 0);
  await eventually(async () => {
    await clock.advance(1000);
    return (await world.sets.get("web")).status?.availableReplicas === 3;
  });
  assert.ok(clock.now() - start >= 10_000);
});

Deno.test("StatefulSetController refuses volume claims, which nothing here would provide", async () => {
  await using world = await start();
  await world.createSet({
    volumeClaimTemplates: [{
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    }],
  });
  assert.match(await world.eventNote("FailedCreate"), /volumeClaimTemplates are not supported/);
  assert.deepEqual((await world.pods.list()).items, []);
});

Deno.test("StatefulSetController makes no second pod and deletes no new one while its news of pods is old", async () => {
  const late = new LateWatch();
  await using world = await World.start({
    controllers: (client) => [new StatefulSetController({ client })],
    fetch: late.fetch,
  });
  await world.createSet();
  const first = await world.podsNamed(WEB);
  // Each change makes the controller look at the set again, without the pods that it has made.
  for (const round of [1, 2, 3]) {
    await world.sets.mergePatch("web", { metadata: { annotations: { round: `${round}` } } });
    await eventually(() => late.refused >= 3 * round);
  }
  await world.setImage("two");
  await until(world.sets, ([web]) => web?.status?.observedGeneration === 2);
  const uids = (pods: readonly Stored<Pod>[]): string[] => pods.map(({ metadata }) => metadata.uid);
  assert.deepEqual(uids(await world.podsNamed(WEB)), uids(first));
  late.open();
  await world.rolledOut(3);

  const before = await world.podsNamed(WEB);
  late.close();
  await world.pods.delete("web-1");
  await untilGone(world.pods, ({ metadata }) => metadata.uid === before[1]?.metadata.uid);
  await world.sets.scale.update("web", 4);
  await world.setImage("three");
  await until(world.sets, ([web]) => web?.status?.observedGeneration === web?.metadata.generation);
  late.open();
  await world.rolledOut(4);
  const images = (await world.podsNamed([...WEB, "web-3"])).map(({ spec }) =>
    spec?.containers[0]?.image
  );
  assert.deepEqual(images, Array(4).fill("three"));
});
