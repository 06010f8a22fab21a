/** When a change is no more than another number of replicas, who made it, and how it is written. */

import assert from "node:assert/strict";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { ApiError, STATEFUL_SETS, type Stored } from "../../lib/kube/mod.ts";
import { hashOf } from "../../lib/network/hash.ts";
import { statefulSetOf } from "../../lib/network/objects/stateful_set.ts";
import {
  isResizedByOthers,
  resize,
  resizeOf,
  withoutReplicas,
  withOwnersOfReplicas,
} from "../../lib/network/resize.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeCluster } from "./_fake_cluster.ts";
import { OWNER, settings } from "./_samples.ts";

const IMAGE = "bitcoin/bitcoin:30.0";

function setOf(nodes: number, image = IMAGE): StatefulSet {
  return statefulSetOf(OWNER, settings({ nodes, image }), "config");
}

/** As a server has it that was sent it, with what else there is. */
function stored(sent: StatefulSet, managedFields: readonly object[] = []): Stored<StatefulSet> {
  const { metadata, ...set } = sent;
  const identity = { name: "net-sts", uid: "uid-1", resourceVersion: "1" };
  return {
    ...set,
    // as: the table below has no more than is read of them.
    metadata: { ...metadata, ...identity, managedFields } as Stored<StatefulSet>["metadata"],
    status: { replicas: 3 },
  };
}

Deno.test("resizeOf() is the number where nothing else differs", () => {
  assert.deepEqual(resizeOf(setOf(5), stored(setOf(3))), { replicas: 5 });
  assert.deepEqual(resizeOf(setOf(0), stored(setOf(3))), { replicas: 0 });
});

Deno.test("resizeOf() is nothing where another field is wanted or changed as well", () => {
  assert.equal(resizeOf(setOf(5, "example.com/other:1"), stored(setOf(3))), undefined);
  const live = stored(setOf(3));
  const relabelled = { ...live, metadata: { ...live.metadata, labels: { app: "theirs" } } };
  assert.equal(resizeOf(setOf(5), relabelled), undefined);
});

Deno.test("resizeOf() is nothing for what has no replicas", () => {
  const { spec: _none, ...service } = setOf(5);
  assert.equal(resizeOf(service, stored(service)), undefined);
  assert.equal(resizeOf(setOf(5), stored(service)), undefined);
});

Deno.test("withoutReplicas() is the same for all numbers, and for no other change", () => {
  const markOf = (set: StatefulSet): string => hashOf(withoutReplicas(set));
  assert.equal(markOf(setOf(5)), markOf(setOf(3)));
  assert.notEqual(markOf(setOf(5)), markOf(setOf(5, "example.com/other:1")));
  const { spec: _none, ...service } = setOf(5);
  assert.equal(withoutReplicas(service), service);
});

Deno.test("isResizedByOthers() goes by who set the number last", () => {
  const ours = { manager: "bitcoin-controller", fieldsV1: { "f:spec": { "f:replicas": {} } } };
  const theirs = { ...ours, manager: "kubectl", subresource: "scale" };
  const elsewhere = { manager: "kubectl", fieldsV1: { "f:spec": { "f:template": {} } } };
  const cases: [managedFields: readonly object[], expected: boolean][] = [
    [[ours], false],
    [[ours, elsewhere], false],
    [[ours, theirs], false],
    [[theirs], true],
    [[theirs, elsewhere], true],
    // Nobody claims it.
    [[elsewhere], false],
    [[{ manager: "kubectl" }], false],
    [[], false],
  ];
  for (const [managedFields, expected] of cases) {
    const what = JSON.stringify(managedFields);
    const live = stored(setOf(3), managedFields);
    assert.equal(isResizedByOthers(live), expected, what);
    assert.equal(isResizedByOthers(withOwnersOfReplicas(live)), expected, what);
  }
  const { managedFields: _none, ...metadata } = stored(setOf(3)).metadata;
  assert.ok(!isResizedByOthers({ ...stored(setOf(3)), metadata }));
});

Deno.test("withOwnersOfReplicas() keeps nothing else of the history, and all else of the object", () => {
  const fieldsV1 = { "f:spec": { "f:replicas": {}, "f:template": { "f:spec": {} } } };
  const ours = { manager: "bitcoin-controller", operation: "Apply", fieldsV1 };
  const status = { manager: "kube-controller-manager", fieldsV1: { "f:status": {} } };
  const kept = withOwnersOfReplicas(stored(setOf(3), [ours, status]));
  assert.deepEqual(
    kept,
    stored(setOf(3), [
      { manager: "bitcoin-controller", fieldsV1: { "f:spec": { "f:replicas": {} } } },
    ]),
  );
});

Deno.test("resize() writes the number, and returns the object as it is then", async () => {
  const cluster = new FakeCluster(new FakeClock());
  const handle = cluster.client.resource(STATEFUL_SETS, "test");
  const { signal } = new AbortController();
  const theirs = { manager: "kubectl", fieldsV1: { "f:spec": { "f:replicas": {} } } };
  const live = cluster.put(STATEFUL_SETS, stored(setOf(3), [theirs]));
  for (const replicas of [5, 0]) {
    const resized = await resize(handle, live, replicas, signal);
    const { generation, ...metadata } = cluster.get(STATEFUL_SETS, "net-sts").metadata;
    assert.equal(resized.spec?.replicas, replicas);
    assert.equal(cluster.get(STATEFUL_SETS, "net-sts").spec?.replicas, replicas);
    assert.deepEqual(resized.metadata, { ...metadata, generation: 1 });
    assert.equal(generation, replicas === 5 ? 1 : 2, "what is returned is the least");
  }
  assert.deepEqual(
    cluster.writes.map(({ body }) => body),
    [5, 0].map((replicas) => ({ metadata: { uid: live.metadata.uid }, spec: { replicas } })),
  );
});

Deno.test("resize() takes for the number what the server made of it", async () => {
  const cluster = new FakeCluster(new FakeClock());
  const handle = cluster.client.resource(STATEFUL_SETS, "test");
  const { signal } = new AbortController();
  cluster.mostReplicas = 4;
  const first = await resize(handle, cluster.put(STATEFUL_SETS, setOf(3)), 20, signal);
  assert.deepEqual([first.spec?.replicas, first.metadata.generation], [4, 1]);
  const again = await resize(handle, cluster.get(STATEFUL_SETS, "net-sts"), 20, signal);
  assert.deepEqual(again, cluster.get(STATEFUL_SETS, "net-sts"));
});

Deno.test("resize() leaves an object alone that has taken the name", async () => {
  const cluster = new FakeCluster(new FakeClock());
  const handle = cluster.client.resource(STATEFUL_SETS, "test");
  const { signal } = new AbortController();
  const live = cluster.put(STATEFUL_SETS, setOf(3));
  cluster.put(STATEFUL_SETS, { ...setOf(3), metadata: { name: "net-sts", uid: "another" } });
  await assert.rejects(
    resize(handle, live, 5, signal),
    (error) => error instanceof ApiError && error.isConflict,
  );
  assert.equal(cluster.get(STATEFUL_SETS, "net-sts").spec?.replicas, 3);
});
