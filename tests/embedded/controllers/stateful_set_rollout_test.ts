import assert from "node:assert/strict";

import type { Pod } from "kubernetes-types/core/v1.d.ts";

import { StatefulSetController } from "../../../lib/embedded/controllers/mod.ts";
import { CONTROLLER_REVISIONS, Informer, type Stored } from "../../../lib/kube/mod.ts";
import { until, untilGone } from "../../support/eventually.ts";
import type { Fate } from "./_pod_driver.ts";
import { World } from "./_world.ts";

const WEB = ["web-0", "web-1", "web-2"];

function start(fate?: (pod: Readonly<Stored<Pod>>) => Fate): Promise<World> {
  return World.start({
    controllers: (client) => [new StatefulSetController({ client })],
    ...(fate && { fate }),
  });
}

Deno.test("StatefulSetController rolls a new template from the highest pod down, one at a time", async () => {
  await using world = await start();
  await world.createSet();
  const { status: before } = await world.rolledOut(3);
  const informer = new Informer(world.pods);
  let leastReady = 3;
  const count = (): void => {
    const ready = informer.store.list().filter(({ metadata, status }) =>
      !metadata.deletionTimestamp &&
      status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")
    );
    if (informer.hasSynced) leastReady = Math.min(leastReady, ready.length);
  };
  informer.subscribe({ added: count, updated: count, deleted: count });
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  const gone = await world.deletionsDuring(async () => {
    await world.setImage("two");
    await world.rolledOut(3);
  });
  stop.abort();
  await running;
  assert.deepEqual(gone, ["web-2", "web-1", "web-0"]);
  assert.equal(leastReady, 2);
  const { status } = await world.rolledOut(3);
  assert.notEqual(status?.updateRevision, before?.updateRevision);
  assert.equal(status?.currentRevision, status?.updateRevision);
  assert.deepEqual(await world.revisionImages(), ["one", "two"]);
});

Deno.test("StatefulSetController stops a roll at a pod that does not become ready, and goes on with the next template", async () => {
  await using world = await start((pod) =>
    pod.spec?.containers[0]?.image === "broken" ? "pending" : "ready"
  );
  await world.createSet();
  await world.rolledOut(3);
  await world.setImage("broken");
  await until(
    world.sets,
    ([web]) => web?.status?.updatedReplicas === 1 && web.status.replicas === 3,
  );
  const images = (await world.podsNamed(WEB)).map(({ spec }) => spec?.containers[0]?.image);
  assert.deepEqual(images, ["one", "one", "broken"]);
  await world.setImage("three");
  await world.rolledOut(3);
});

Deno.test("StatefulSetController keeps the pods below the partition, also when one is made again", async () => {
  await using world = await start();
  await world.createSet({
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } },
  });
  await world.rolledOut(3);
  await world.setImage("two");
  const imagesAre = (expected: readonly string[]): Promise<unknown> =>
    until(world.pods, (pods) => {
      const images = WEB.map((name) =>
        pods.find(({ metadata }) => metadata.name === name && !metadata.deletionTimestamp)
          ?.spec?.containers[0]?.image
      );
      return JSON.stringify(images) === JSON.stringify(expected);
    }, { what: `images ${expected}` });
  await imagesAre(["one", "one", "two"]);
  const [old] = await world.podsNamed(WEB);
  await world.pods.delete("web-0");
  await untilGone(world.pods, ({ metadata }) => metadata.uid === old?.metadata.uid);
  await imagesAre(["one", "one", "two"]);
  await world.sets.mergePatch("web", {
    spec: { updateStrategy: { rollingUpdate: { partition: 0 } } },
  });
  await imagesAre(["two", "two", "two"]);
});

Deno.test("StatefulSetController leaves old pods alone with OnDelete until they are deleted", async () => {
  await using world = await start();
  await world.createSet({ updateStrategy: { type: "OnDelete" } });
  await world.rolledOut(3);
  await world.setImage("two");
  const changed = await until(world.sets, ([web]) => web?.status?.observedGeneration === 2 && web);
  assert.equal(changed.status?.updatedReplicas ?? 0, 0);
  await world.pods.delete("web-1");
  await until(
    world.sets,
    ([web]) => web?.status?.updatedReplicas === 1 && web.status.readyReplicas === 3,
  );
  const images = (await world.podsNamed(WEB)).map(({ spec }) => spec?.containers[0]?.image);
  assert.deepEqual(images, ["one", "two", "one"]);
});

Deno.test("StatefulSetController uses an old revision again when its template comes back, and forgets the oldest", async () => {
  await using world = await start();
  await world.createSet({ replicas: 1, revisionHistoryLimit: 1 });
  for (const image of ["two", "three", "two"]) {
    await world.rolledOut(1);
    await world.setImage(image);
  }
  await world.rolledOut(1);
  const revisions = world.client.resource(CONTROLLER_REVISIONS, world.namespace);
  await until(revisions, (all) => all.length === 2);
  assert.deepEqual(await world.revisionImages(), ["three", "two"]);
});
