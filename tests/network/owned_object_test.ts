/** One owned object: created, changed, repaired, or left alone. */

import assert from "node:assert/strict";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Service } from "kubernetes-types/core/v1.d.ts";
import { ApiError, SERVICES, STATEFUL_SETS, type Stored } from "../../lib/kube/mod.ts";
import { metadataOf } from "../../lib/network/objects/metadata.ts";
import { statefulSetOf } from "../../lib/network/objects/stateful_set.ts";
import {
  keepObject,
  type Kept,
  LeftoverError,
  StalledError,
  stallOf,
} from "../../lib/network/owned_object.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { failure } from "../support/scripted_server.ts";
import { FakeCluster } from "./_fake_cluster.ts";
import { OWNER, settings } from "./_samples.ts";

function wanted(type = "ClusterIP"): Service {
  return { metadata: metadataOf(OWNER, "s"), spec: { type } };
}

function scene(): {
  cluster: FakeCluster;
  keep: (object?: Service, live?: Stored<Service>) => Promise<Kept<Service>>;
} {
  const cluster = new FakeCluster(new FakeClock());
  const handle = cluster.client.resource(SERVICES, "test");
  const { signal } = new AbortController();
  return {
    cluster,
    keep: async (object = wanted(), live = undefined) =>
      keepObject(handle, object, OWNER, live ?? await handle.find("s", { signal }), signal),
  };
}

Deno.test("keepObject() creates what is missing, and does nothing when it is as wanted", async () => {
  const { cluster, keep } = scene();
  assert.deepEqual((await keep()).deed, { did: "created" });
  const { object, deed } = await keep();
  assert.deepEqual(deed, { did: "nothing" });
  assert.deepEqual((await keep(wanted(), object)).deed, { did: "nothing" });
  assert.equal(cluster.writes.length, 1);
});

Deno.test("keepObject() creates what is not known without a look, and looks if it is there all the same", async () => {
  const cluster = new FakeCluster(new FakeClock());
  const handle = cluster.client.resource(SERVICES, "test");
  const { signal } = new AbortController();
  const keep = () => keepObject(handle, wanted(), OWNER, undefined, signal);
  assert.deepEqual((await keep()).deed, { did: "created" });
  assert.deepEqual(cluster.requests, ["PATCH services/s"]);
  assert.deepEqual((await keep()).deed, { did: "nothing" });
  assert.deepEqual(cluster.requests.slice(1), ["PATCH services/s", "GET services/s"]);
  cluster.put(SERVICES, { metadata: { name: "s" } });
  await assert.rejects(keep(), StalledError);
  assert.equal(cluster.writes.length, 1);
});

Deno.test("keepObject() tells a change of what is wanted from a change by somebody else", async () => {
  const { cluster, keep } = scene();
  await keep();
  assert.deepEqual((await keep(wanted("NodePort"))).deed, { did: "changed" });
  const live = cluster.get(SERVICES, "s");
  cluster.put(SERVICES, { ...live, spec: { type: "LoadBalancer" } });
  assert.deepEqual((await keep(wanted("NodePort"))).deed, { did: "repaired", field: "spec.type" });
  assert.equal(cluster.get(SERVICES, "s").spec?.type, "NodePort");
});

Deno.test("keepObject() lets an object go that is on its way out", async () => {
  const { cluster, keep } = scene();
  await keep();
  const live = cluster.get(SERVICES, "s");
  const metadata = { ...live.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
  cluster.put(SERVICES, { ...live, metadata, spec: {} });
  assert.deepEqual((await keep()).deed, { did: "nothing" });
});

Deno.test("keepObject() leaves alone what is somebody else's, and says whose it is", async () => {
  const owner = { apiVersion: "v1", kind: "Thing", name: "t", uid: "u", controller: true };
  const cases: [owners: object[], message: RegExp][] = [
    [[], /^Service 's' exists and is not of this network \(nobody controls it\); delete it/],
    [[owner], /\(it belongs to Thing 't'\)/],
    [[{ ...owner, uid: OWNER.uid, controller: false }], /nobody controls it/],
    [
      [{ ...owner, kind: "BitcoinNetwork", name: "another" }],
      /belongs to BitcoinNetwork 'another'/,
    ],
  ];
  for (const [owners, message] of cases) {
    const { cluster, keep } = scene();
    // as: the table is of owner references.
    const ownerReferences = owners as (typeof owner)[];
    const before = cluster.put(SERVICES, { metadata: { name: "s", ownerReferences } });
    await assert.rejects(keep(), (error) => {
      assert.ok(error instanceof StalledError);
      assert.equal(error.stall.reason, "NameConflict");
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(cluster.get(SERVICES, "s"), before);
  }
});

Deno.test("keepObject() waits for an object of an earlier network of the same name", async () => {
  const { cluster, keep } = scene();
  cluster.put(SERVICES, { metadata: metadataOf({ ...OWNER, uid: "uid-before" }, "s") });
  await assert.rejects(keep(), LeftoverError);
  assert.equal(cluster.writes.length, 0);
});

Deno.test("stallOf() knows its own stalls and a right that is missing, and nothing else", () => {
  const stall = { reason: "SecretMissing", message: "m" } as const;
  assert.deepEqual(stallOf(new StalledError(stall)), stall);
  const refused = { request: "GET '/x'", reason: "Forbidden", serverMessage: "no" };
  assert.equal(stallOf(new ApiError({ ...refused, status: 403 }))?.reason, "Forbidden");
  assert.equal(stallOf(new ApiError({ ...refused, status: 500, reason: "Odd" })), undefined);
  assert.equal(stallOf(new Error("x")), undefined);
});

Deno.test("stallOf() says which right to grant, unless something other than a right is missing", () => {
  const cases: [said: string, advice: RegExp][] = [
    ['User "u" cannot patch resource "services" in API group ""', /; grant this to .*rbac\.yaml/],
    [
      "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>",
      /; grant 'update' on 'bitcoinnetworks\/finalizers' to the controller's service account/,
    ],
    ["exceeded quota: pods=1", /exceeded quota: pods=1 \(403 Forbidden\)$/],
  ];
  for (const [serverMessage, advice] of cases) {
    const init = { request: "PATCH '/x'", status: 403, reason: "Forbidden", serverMessage };
    assert.match(stallOf(new ApiError(init))?.message ?? "", advice);
  }
});

Deno.test("keepObject() applies another number of replicas where a field is no longer wanted", async () => {
  const cluster = new FakeCluster(new FakeClock());
  const handle = cluster.client.resource(STATEFUL_SETS, "test");
  const { signal } = new AbortController();
  const { spec, ...set } = statefulSetOf(OWNER, settings({ nodes: 3 }), "config");
  assert.ok(spec);
  const before = { ...set, spec: { ...spec, minReadySeconds: 5 } };
  const { object } = await keepObject(handle, before, OWNER, undefined, signal);
  const after = { ...set, spec: { ...spec, replicas: 5 } };
  const { deed } = await keepObject(handle, after, OWNER, object, signal);
  assert.deepEqual(deed, { did: "changed" });
  assert.equal(cluster.writes.at(-1)?.what, "PATCH statefulsets/net-sts");
});

Deno.test("keepObject() replaces a spec that does not go together with ours, also where another number is wanted", async () => {
  const cluster = new FakeCluster(new FakeClock());
  const handle = cluster.client.resource(STATEFUL_SETS, "test");
  const { signal } = new AbortController();
  const keep = async (nodes: number): Promise<Kept<StatefulSet>> =>
    await keepObject(
      handle,
      statefulSetOf(OWNER, settings({ nodes }), "config"),
      OWNER,
      cluster.find(STATEFUL_SETS, "net-sts"),
      signal,
    );
  const { object: { spec, ...set } } = await keep(3);
  assert.ok(spec);
  cluster.put(STATEFUL_SETS, { ...set, spec: { ...spec, serviceName: "theirs" } });
  cluster.refusals.set("PATCH statefulsets/net-sts", () => {
    cluster.refusals.clear();
    return failure(422, "Invalid");
  });
  const { object, deed } = await keep(5);
  assert.deepEqual(deed, { did: "changed" });
  assert.deepEqual([object.spec?.serviceName, object.spec?.replicas], ["net-svc", 5]);
});
