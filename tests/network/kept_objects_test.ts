/** When the objects of a network are compared anew. */

import assert from "node:assert/strict";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { SECRETS, SERVICES, STATEFUL_SETS } from "../../lib/kube/mod.ts";
import { KeptObjects } from "../../lib/network/kept_objects.ts";
import { LastWrite } from "../../lib/network/last_write.ts";
import type { LastWrites } from "../../lib/network/memory.ts";
import type { OwnedObjects } from "../../lib/network/owned_objects.ts";
import { SecretReader } from "../../lib/network/secret_reader.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeCluster } from "./_fake_cluster.ts";
import { OWNER, settings } from "./_samples.ts";

const APPLY = "PATCH statefulsets/net-sts";
const RESIZE = `${APPLY}/scale`;
/** Time after which Secrets are read anew, in ms. */
const MAX_AGE_MS = 30_000;

class Keeper {
  readonly clock = new FakeClock();
  readonly cluster = new FakeCluster(this.clock);
  readonly told: string[] = [];
  readonly notes: string[] = [];
  settings = settings();
  readonly #objects = new KeptObjects();
  readonly #writes: LastWrites = {
    service: new LastWrite(this.clock),
    set: new LastWrite(this.clock),
  };
  readonly #secrets = new SecretReader(this.cluster.client, {
    namespace: "test",
    clock: this.clock,
    random: () => 0,
    maxAgeMs: () => MAX_AGE_MS,
  });

  async keep(): Promise<OwnedObjects> {
    const { client } = this.cluster;
    return await this.#objects.keep({
      client,
      secrets: this.#secrets,
      writes: this.#writes,
      owner: OWNER,
      settings: this.settings,
      isNew: false,
      service: this.cluster.find(SERVICES, "net-svc"),
      set: this.cluster.find(STATEFUL_SETS, "net-sts"),
      beforeRollout: () => Promise.resolve(),
      tell: ({ reason, note }) => {
        this.told.push(reason);
        this.notes.push(note);
      },
      signal: new AbortController().signal,
    });
  }

  /** Keeps until nothing is new any more. */
  async rest(): Promise<OwnedObjects> {
    await this.keep();
    await this.keep();
    return await this.keep();
  }
}

Deno.test("KeptObjects.keep() has nothing to compare while everything stays as it is", async () => {
  const keeper = new Keeper();
  const kept = await keeper.rest();
  assert.equal(await keeper.keep(), kept);
  const { length } = keeper.cluster.requests;
  // The same versions of the Secrets, read once more.
  await keeper.clock.advance(MAX_AGE_MS + 1);
  assert.equal(await keeper.keep(), kept);
  assert.equal(keeper.cluster.requests.length, length + 2);
});

Deno.test("KeptObjects.keep() puts back what changed since it found all as it should be", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  const { cluster } = keeper;
  const changes = [
    () => cluster.put(SERVICES, { ...cluster.get(SERVICES, "net-svc"), spec: { ports: [] } }),
    () => cluster.put(STATEFUL_SETS, withReplicas(cluster, 9)),
    () => cluster.put(SECRETS, { ...cluster.get(SECRETS, "net-conf"), data: {} }),
  ];
  for (const change of changes) {
    keeper.told.length = 0;
    change();
    await keeper.clock.advance(MAX_AGE_MS + 1);
    await keeper.rest();
    assert.deepEqual(keeper.told, ["Repaired"]);
  }
});

Deno.test("KeptObjects.keep() makes anew what is gone", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  keeper.cluster.remove(STATEFUL_SETS, "net-sts");
  await keeper.clock.advance(MAX_AGE_MS + 1);
  await keeper.keep();
  assert.ok(keeper.cluster.get(STATEFUL_SETS, "net-sts"));
});

Deno.test("KeptObjects.keep() makes anew what is gone again when it looks the next time", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  for (const time of ["once", "twice", "and again"]) {
    keeper.cluster.remove(SECRETS, "net-conf");
    await keeper.clock.advance(MAX_AGE_MS + 1);
    await keeper.keep();
    assert.ok(keeper.cluster.find(SECRETS, "net-conf"), time);
  }
});

Deno.test("KeptObjects.keep() asks once a run for a Secret that is missing", async () => {
  const keeper = new Keeper();
  keeper.settings = settings({ secret: "mine" });
  for (let run = 0; run < 3; run++) {
    keeper.cluster.requests.length = 0;
    await assert.rejects(keeper.keep(), /Secret 'mine' does not exist/);
    const asked = keeper.cluster.requests.filter((request) => request.startsWith("GET secrets/"));
    assert.deepEqual(asked, ["GET secrets/mine"]);
  }
});

Deno.test("KeptObjects.keep() does what another spec asks for", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  keeper.settings = settings({ nodes: 7 });
  const { set } = await keeper.rest();
  assert.equal(set.spec?.replicas, 7);
});

Deno.test("KeptObjects.keep() makes a network larger before it reads the Secrets again", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  const { cluster } = keeper;
  cluster.remove(SECRETS, "net-conf");
  await keeper.clock.advance(MAX_AGE_MS + 1);
  cluster.requests.length = 0;
  keeper.settings = settings({ nodes: 7 });
  const { set } = await keeper.keep();
  assert.equal(set.spec?.replicas, 7);
  assert.deepEqual(cluster.requests, [RESIZE]);
  await keeper.keep();
  assert.ok(cluster.find(SECRETS, "net-conf"), "the next run reads them");
});

Deno.test("KeptObjects.keep() has nothing written for another topology, and reads no Secret for it", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  await keeper.clock.advance(MAX_AGE_MS + 1);
  keeper.cluster.requests.length = 0;
  keeper.settings = settings({ topology: { type: "Ring" } });
  await keeper.keep();
  assert.deepEqual(keeper.cluster.requests, []);
});

Deno.test("KeptObjects.keep() writes a number of nodes, and applies whatever else is changed with it", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  const { cluster } = keeper;
  const written = (): string | undefined => cluster.writes.at(-1)?.what;
  keeper.settings = settings({ nodes: 7 });
  await keeper.keep();
  assert.equal(written(), RESIZE);
  assert.equal(keeper.told.at(-1), "Scaled");
  const { length } = cluster.writes;
  await keeper.rest();
  assert.equal(cluster.writes.length, length, "it is as wanted then");

  keeper.settings = settings({ nodes: 5, image: "example.com/bitcoin:30.2" });
  await keeper.keep();
  assert.equal(written(), APPLY);
  assert.equal(keeper.told.at(-1), "Scaled");

  await keeper.rest();
  const { metadata, ...set } = cluster.get(STATEFUL_SETS, "net-sts");
  cluster.put(STATEFUL_SETS, { ...set, metadata: { ...metadata, labels: {} } });
  keeper.settings = { ...keeper.settings, nodes: 6 };
  await keeper.keep();
  assert.equal(written(), APPLY, "somebody had changed it meanwhile");
  assert.equal(keeper.told.at(-1), "Scaled");
});

Deno.test("KeptObjects.keep() writes a number of nodes before it looks at anything else", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  const { cluster } = keeper;
  cluster.put(SERVICES, { ...cluster.get(SERVICES, "net-svc"), spec: { ports: [] } });
  cluster.requests.length = 0;
  keeper.settings = settings({ nodes: 7 });
  const { set } = await keeper.keep();
  assert.equal(set.spec?.replicas, 7);
  assert.deepEqual(cluster.requests, [RESIZE, "PATCH services/net-svc"]);
  assert.deepEqual(keeper.told.slice(-2), ["Scaled", "Repaired"]);
});

Deno.test("KeptObjects.keep() compares a StatefulSet that is another one than it found right, or goes", async () => {
  for (const change of [{ labels: {} }, { deletionTimestamp: "2026-01-01T00:00:00Z" }]) {
    const keeper = new Keeper();
    await keeper.rest();
    const { cluster } = keeper;
    const { metadata, ...set } = cluster.get(STATEFUL_SETS, "net-sts");
    cluster.put(STATEFUL_SETS, { ...set, metadata: { ...metadata, ...change } });
    if ("deletionTimestamp" in change) await keeper.rest();
    cluster.requests.length = 0;
    keeper.settings = settings({ nodes: 7 });
    await keeper.keep();
    assert.deepEqual(cluster.requests, "labels" in change ? [APPLY] : []);
  }
});

Deno.test("KeptObjects.keep() tells a number that somebody set from one that is wanted now", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  const { cluster } = keeper;
  cluster.put(STATEFUL_SETS, withReplicas(cluster, 9));
  await keeper.keep();
  assert.equal(cluster.writes.at(-1)?.what, RESIZE);
  assert.equal(keeper.told.at(-1), "Repaired");

  // A refused change is no less wanted than before.
  await keeper.rest();
  const { length } = keeper.told;
  cluster.refusals.set(RESIZE, () => new Response("no", { status: 403 }));
  keeper.settings = settings({ nodes: 7 });
  await assert.rejects(keeper.keep());
  cluster.refusals.clear();
  await keeper.rest();
  assert.deepEqual(keeper.told.slice(length), ["Scaled"]);
});

Deno.test("KeptObjects.keep() tells of the number that the server made of it, and once", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  keeper.cluster.mostReplicas = 4;
  const { length } = keeper.told;
  keeper.settings = settings({ nodes: 20 });
  await keeper.rest();
  assert.deepEqual(keeper.notes.slice(length), ["Scaled from 3 to 4 nodes"]);
});

Deno.test("KeptObjects.keep() reads the Secrets before it has pods replaced", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  const { cluster } = keeper;
  await keeper.clock.advance(MAX_AGE_MS + 1);
  cluster.requests.length = 0;
  keeper.settings = settings({ nodes: 7, image: "example.com/bitcoin:30.2" });
  await keeper.keep();
  assert.deepEqual(cluster.requests, [
    "GET secrets/net-rpc",
    "GET secrets/net-conf",
    "PATCH statefulsets/net-sts",
  ]);
});

Deno.test("KeptObjects.keep() does not take an attempt that failed for the state of things", async () => {
  const keeper = new Keeper();
  await keeper.rest();
  keeper.cluster.remove(SERVICES, "net-svc");
  await keeper.clock.advance(MAX_AGE_MS + 1);
  keeper.cluster.refusals.set("PATCH services/net-svc", () => new Response("no", { status: 403 }));
  await assert.rejects(keeper.keep());
  keeper.cluster.refusals.clear();
  await keeper.keep();
  assert.ok(keeper.cluster.get(SERVICES, "net-svc"));
});

function withReplicas(cluster: FakeCluster, replicas: number): StatefulSet {
  const set = cluster.get(STATEFUL_SETS, "net-sts");
  assert.ok(set.spec);
  return { ...set, spec: { ...set.spec, replicas } };
}
