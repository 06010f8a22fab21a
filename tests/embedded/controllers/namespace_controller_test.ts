import assert from "node:assert/strict";

import {
  GarbageCollector,
  NamespaceController,
  StatefulSetController,
} from "../../../lib/embedded/controllers/mod.ts";
import { CONFIG_MAPS, NAMESPACES, SECRETS } from "../../../lib/kube/mod.ts";
import { until, untilGone } from "../../support/eventually.ts";
import { World } from "./_world.ts";

Deno.test("NamespaceController empties a namespace that is deleted and lets it go", async () => {
  await using world = await World.start({
    controllers: (client) => [
      new NamespaceController({ client }),
      new StatefulSetController({ client }),
      new GarbageCollector({ client }),
    ],
  });
  await world.createSet();
  await world.client.resource(SECRETS, world.namespace).create({ metadata: { name: "s" } });
  const other = await world.client.resource(SECRETS, "default")
    .create({ metadata: { generateName: "s-" } });
  await world.rolledOut(3);
  const namespaces = world.client.resource(NAMESPACES);
  await namespaces.delete(world.namespace);
  await untilGone(namespaces, ({ metadata }) => metadata.name === world.namespace);
  assert.deepEqual((await world.pods.list()).items, []);
  assert.deepEqual((await world.sets.list()).items, []);
  const secrets = world.client.resource(SECRETS, "default");
  assert.equal((await secrets.get(other.metadata.name)).metadata.uid, other.metadata.uid);
  await secrets.delete(other.metadata.name);
});

Deno.test("NamespaceController holds a namespace while something in it is held", async () => {
  await using world = await World.start({
    controllers: (client) => [new NamespaceController({ client })],
  });
  const maps = world.client.resource(CONFIG_MAPS, world.namespace);
  await maps.create({ metadata: { name: "held", finalizers: ["test.example/hold"] } });
  await maps.create({ metadata: { name: "loose" } });
  const namespaces = world.client.resource(NAMESPACES);
  await namespaces.delete(world.namespace);
  await untilGone(maps, ({ metadata }) => metadata.name === "loose");
  await until(maps, (all) => all.some(({ metadata }) => metadata.deletionTimestamp));
  assert.equal((await namespaces.get(world.namespace)).status?.phase, "Terminating");
  await maps.mergePatch("held", { metadata: { finalizers: [] } });
  await untilGone(namespaces, ({ metadata }) => metadata.name === world.namespace);
});
