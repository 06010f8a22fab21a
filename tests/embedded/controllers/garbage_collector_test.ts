import assert from "node:assert/strict";

import type { CustomResourceDefinition } from "kubernetes-types/apiextensions/v1.d.ts";
import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import type { OwnerReference } from "kubernetes-types/meta/v1.d.ts";

import { GarbageCollector, StatefulSetController } from "../../../lib/embedded/controllers/mod.ts";
import {
  ApiError,
  CONFIG_MAPS,
  CONTROLLER_REVISIONS,
  CUSTOM_RESOURCE_DEFINITIONS,
  type KubeObject,
  NAMESPACES,
  type ResourceHandle,
  type ResourceType,
  type Stored,
} from "../../../lib/kube/mod.ts";
import { eventually, until, untilGone } from "../../support/eventually.ts";
import { World } from "./_world.ts";

function start(): Promise<World> {
  return World.start({ controllers: (client) => [new GarbageCollector({ client })] });
}

function mapsOf(world: World): ResourceHandle<ConfigMap> {
  return world.client.resource(CONFIG_MAPS, world.namespace);
}

/** A reference to an object, which holds up the owner's deletion. */
function ownedBy(owner: Stored<KubeObject>, more: Partial<OwnerReference> = {}): OwnerReference {
  const { apiVersion = "", kind = "", metadata: { name, uid } } = owner;
  return { apiVersion, kind, name, uid, blockOwnerDeletion: true, ...more };
}

async function create(
  world: World,
  name: string,
  ownerReferences: readonly OwnerReference[] = [],
  finalizers: readonly string[] = [],
): Promise<Stored<ConfigMap>> {
  const metadata = { name, ownerReferences: [...ownerReferences], finalizers: [...finalizers] };
  return await mapsOf(world).create({ metadata });
}

async function names(world: World): Promise<readonly string[]> {
  const { items } = await mapsOf(world).list();
  return items.map(({ metadata }) => metadata.name).filter((name) => name !== "kube-root-ca.crt");
}

/** Resolves once the collector has dealt with all that was created before: it has collected an object of a dead owner. */
async function settled(world: World): Promise<void> {
  const dead = { apiVersion: "v1", kind: "ConfigMap", name: "dead", uid: crypto.randomUUID() };
  const name = `canary-${crypto.randomUUID().slice(0, 8)}`;
  await create(world, name, [dead]);
  await untilGone(mapsOf(world), ({ metadata }) => metadata.name === name);
}

Deno.test("GarbageCollector deletes the dependents of what is gone, and theirs in turn", async () => {
  await using world = await start();
  const owner = await create(world, "owner");
  const child = await create(world, "child", [ownedBy(owner)]);
  await create(world, "grandchild", [ownedBy(child)]);
  await create(world, "other");
  await settled(world);
  assert.deepEqual(await names(world), ["child", "grandchild", "other", "owner"]);
  await mapsOf(world).delete("owner", { propagationPolicy: "Background" });
  await untilGone(mapsOf(world), ({ metadata }) => metadata.name.endsWith("child"));
  assert.deepEqual(await names(world), ["other"]);
});

Deno.test("GarbageCollector collects what lost its owner before it started", async () => {
  await using world = await World.start({ controllers: () => [] });
  const owner = await create(world, "owner");
  await create(world, "child", [ownedBy(owner)]);
  await mapsOf(world).delete("owner", { propagationPolicy: "Background" });
  const stop = new AbortController();
  const running = new GarbageCollector({ client: world.client }).run(stop.signal);
  await untilGone(mapsOf(world), ({ metadata }) => metadata.name === "child");
  stop.abort();
  await running;
});

Deno.test("GarbageCollector is not fooled by a new object with the owner's name", async () => {
  await using world = await start();
  const owner = await create(world, "owner");
  await mapsOf(world).delete("owner", { propagationPolicy: "Background" });
  await create(world, "owner");
  await create(world, "child", [ownedBy(owner)]);
  await untilGone(mapsOf(world), ({ metadata }) => metadata.name === "child");
  assert.deepEqual(await names(world), ["owner"]);
});

Deno.test("GarbageCollector keeps what has another owner, and drops the reference to the one that is gone", async () => {
  await using world = await start();
  const [one, two] = [await create(world, "one"), await create(world, "two")];
  await create(world, "child", [ownedBy(one), ownedBy(two)]);
  await mapsOf(world).delete("one", { propagationPolicy: "Background" });
  const child = await until(
    mapsOf(world),
    (maps) =>
      maps.find(({ metadata }) =>
        metadata.name === "child" && metadata.ownerReferences?.length === 1
      ),
  );
  assert.deepEqual(child.metadata.ownerReferences?.map(({ uid }) => uid), [two.metadata.uid]);
});

Deno.test("GarbageCollector keeps what is owned by something of a kind that it does not know", async () => {
  await using world = await start();
  const unknown = { apiVersion: "nothing.example/v1", kind: "Thing", name: "t", uid: "u" };
  await create(world, "child", [unknown]);
  await settled(world);
  assert.deepEqual(await names(world), ["child"]);
});

Deno.test("GarbageCollector frees the dependents of an orphaning deletion before their owner goes", async () => {
  await using world = await start();
  const owner = await create(world, "owner");
  const other = await create(world, "other");
  await create(world, "a", [ownedBy(owner)]);
  await create(world, "b", [ownedBy(owner), ownedBy(other)]);
  await settled(world);
  await mapsOf(world).delete("owner", { propagationPolicy: "Orphan" });
  await untilGone(mapsOf(world), ({ metadata }) => metadata.name === "owner");
  await settled(world);
  const { items } = await mapsOf(world).list();
  const owners = Object.fromEntries(
    items.map(({ metadata }) => [metadata.name, metadata.ownerReferences?.map(({ name }) => name)]),
  );
  assert.equal(owners["a"], undefined);
  assert.deepEqual(owners["b"], ["other"]);
});

Deno.test("GarbageCollector deletes blocking dependents first in a foreground deletion", async () => {
  await using world = await start();
  const owner = await create(world, "owner");
  const child = await create(world, "child", [ownedBy(owner)]);
  await create(world, "grandchild", [ownedBy(child)], ["test.example/hold"]);
  await create(world, "free", [ownedBy(owner, { blockOwnerDeletion: false })]);
  await settled(world);
  await mapsOf(world).delete("owner", { propagationPolicy: "Foreground" });
  await until(
    mapsOf(world),
    (maps) =>
      maps.some(({ metadata }) => metadata.name === "grandchild" && metadata.deletionTimestamp),
  );
  await settled(world);
  const held = (await names(world)).filter((name) => name !== "free");
  assert.deepEqual(held, ["child", "grandchild", "owner"]);
  await mapsOf(world).mergePatch("grandchild", { metadata: { finalizers: [] } });
  await untilGone(mapsOf(world), ({ metadata }) => metadata.name !== "kube-root-ca.crt");
});

Deno.test("GarbageCollector lets a foreground deletion pass a dependent that does not block it", async () => {
  await using world = await start();
  const owner = await create(world, "owner");
  await create(world, "slow", [ownedBy(owner, { blockOwnerDeletion: false })], [
    "test.example/hold",
  ]);
  await settled(world);
  await mapsOf(world).delete("owner", { propagationPolicy: "Foreground" });
  await untilGone(mapsOf(world), ({ metadata }) => metadata.name === "owner");
  await mapsOf(world).mergePatch("slow", { metadata: { finalizers: [] } });
});

Deno.test("GarbageCollector ends a foreground deletion of owners that own each other", async () => {
  await using world = await start();
  const one = await create(world, "one");
  const two = await create(world, "two", [ownedBy(one)]);
  await mapsOf(world).mergePatch("one", { metadata: { ownerReferences: [ownedBy(two)] } });
  await settled(world);
  await mapsOf(world).delete("one", { propagationPolicy: "Foreground" });
  await untilGone(mapsOf(world), ({ metadata }) => ["one", "two"].includes(metadata.name));
});

Deno.test("GarbageCollector deletes a set, its pods and its revisions in the foreground", async () => {
  await using world = await World.start({
    controllers: (
      client,
    ) => [new StatefulSetController({ client }), new GarbageCollector({ client })],
  });
  await world.createSet();
  await world.rolledOut(3);
  await world.sets.delete("web", { propagationPolicy: "Foreground" });
  await untilGone(world.sets);
  assert.deepEqual((await world.pods.list()).items, []);
  const revisions = await world.client.resource(CONTROLLER_REVISIONS, world.namespace).list();
  assert.deepEqual(revisions.items, []);
});

Deno.test("GarbageCollector collects what a cluster-scoped object owned", async () => {
  await using world = await start();
  const namespaces = world.client.resource(NAMESPACES);
  const owner = await namespaces.get(world.namespace);
  const uid = crypto.randomUUID();
  await create(world, "kept", [ownedBy(owner)]);
  await create(world, "child", [ownedBy(owner, { name: "was-another", uid })]);
  await untilGone(mapsOf(world), ({ metadata }) => metadata.name === "child");
  assert.deepEqual(await names(world), ["kept"]);
});

Deno.test("GarbageCollector follows custom resources that come and go while it runs", async () => {
  await using world = await start();
  const { definition, type } = widgets();
  const definitions = world.client.resource(CUSTOM_RESOURCE_DEFINITIONS);
  const { metadata: { name } } = await definitions.create(definition);
  await until(definitions, (all) =>
    all.some((crd) =>
      crd.metadata.name === name &&
      crd.status?.conditions?.some(({ type, status }) =>
        type === "Established" && status === "True"
      )
    ));
  const handle = world.client.resource(type, world.namespace);
  const widget = await eventually(() =>
    handle.create({ metadata: { name: "w" } }).catch((error) => {
      if (error instanceof ApiError && error.isNotFound) return undefined;
      throw error;
    })
  );
  await create(world, "child", [ownedBy(widget)]);
  await handle.delete("w", { propagationPolicy: "Foreground" });
  await untilGone(handle);
  assert.deepEqual(await names(world), []);

  const second = await handle.create({ metadata: { name: "w2" } });
  await create(world, "child", [ownedBy(second)]);
  await settled(world);
  await definitions.delete(name);
  await untilGone(mapsOf(world), ({ metadata }) => metadata.name === "child");
});

function widgets(): { definition: CustomResourceDefinition; type: ResourceType<KubeObject> } {
  const group = `g${crypto.randomUUID().slice(0, 8)}.example`;
  const type = { group, version: "v1", kind: "Widget", plural: "widgets", namespaced: true };
  const definition = {
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets" },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object" } },
      }],
    },
  };
  return { definition, type };
}
