/** When a status is written, and what is known of it before the watch has shown it. */

import assert from "node:assert/strict";
import { BITCOIN_NETWORKS, type BitcoinNetworkStatus } from "../../lib/network/mod.ts";
import type { StoredNetwork } from "../../lib/network/resource.ts";
import { StatusWriter } from "../../lib/network/status_writer.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { failure } from "../support/scripted_server.ts";
import { FakeCluster } from "./_fake_cluster.ts";
import { network } from "./_samples.ts";

const SIGNAL = new AbortController().signal;

class Scene {
  readonly clock = new FakeClock();
  readonly cluster = new FakeCluster(this.clock);
  readonly writer = new StatusWriter(this.cluster.client, this.clock);

  constructor() {
    this.cluster.put(BITCOIN_NETWORKS, network());
  }

  get stored(): StoredNetwork {
    return this.cluster.get(BITCOIN_NETWORKS, "net");
  }

  async write(status: BitcoinNetworkStatus, over = this.stored): Promise<number> {
    return (await this.writer.write(over, status, SIGNAL)).waitMs;
  }
}

Deno.test("StatusWriter.write() writes what is new, and the same thing once", async () => {
  const scene = new Scene();
  const before = scene.stored;
  assert.equal(await scene.write({ replicas: 1 }), Infinity);
  assert.deepEqual(scene.stored.status, { replicas: 1 });
  assert.equal(await scene.write({ replicas: 1 }, before), Infinity, "the watch lags behind");
  const edited = {
    ...before,
    metadata: { ...before.metadata, resourceVersion: "an edit in between" },
  };
  assert.equal(await scene.write({ replicas: 1 }, edited), Infinity, "it shows an edit first");
  assert.deepEqual(scene.writer.stored(edited), { replicas: 1 });
  assert.equal(await scene.write({ replicas: 1 }), Infinity);
  assert.equal(scene.cluster.writes.length, 1);
});

Deno.test("StatusWriter.stored() believes a watch that has not shown the last write for 5 s", async () => {
  const scene = new Scene();
  const before = scene.stored;
  await scene.write({ replicas: 1 });
  await scene.clock.advance(5_001);
  assert.deepEqual(scene.writer.stored(before), before.status);
});

Deno.test("StatusWriter.write() has heights wait for 5 s, details for 1 s, and nothing else", async () => {
  const scene = new Scene();
  await scene.write({ replicas: 1, height: 1 });
  await scene.clock.advance(400);
  assert.equal(await scene.write({ replicas: 2, height: 1 }), 600);
  assert.equal(await scene.write({ replicas: 1, height: 2 }), 4_600);
  assert.equal(scene.cluster.writes.length, 1);
  const news = { replicas: 2, height: 2, observedGeneration: 1 };
  assert.equal(await scene.write(news), Infinity);
  assert.deepEqual(scene.stored.status, news);
  await scene.clock.advance(1_000);
  assert.equal(await scene.write({ ...news, replicas: 3 }), Infinity);
  assert.equal(scene.stored.status?.replicas, 3);
  await scene.clock.advance(5_000);
  assert.equal(await scene.write({ ...news, replicas: 3, height: 4 }), Infinity);
  assert.equal(scene.stored.status?.height, 4);
});

Deno.test("StatusWriter.write() puts back what somebody else wrote", async () => {
  const scene = new Scene();
  await scene.write({ replicas: 1 });
  scene.writer.stored(scene.stored);
  scene.cluster.put(BITCOIN_NETWORKS, { ...scene.stored, status: { nodes: null } });
  await scene.clock.advance(1_000);
  await scene.write({ replicas: 1 });
  assert.deepEqual(scene.stored.status, { replicas: 1 });
});

Deno.test("StatusWriter.write() sends no spec", async () => {
  const scene = new Scene();
  await scene.write({ replicas: 1 });
  assert.deepEqual(Object.keys(scene.cluster.writes[0]?.body ?? {}).toSorted(), [
    "apiVersion",
    "kind",
    "metadata",
    "status",
  ]);
});

Deno.test("StatusWriter.write() takes it calmly that the network is gone, and no other failure", async () => {
  const scene = new Scene();
  const { stored } = scene;
  scene.cluster.remove(BITCOIN_NETWORKS, "net");
  assert.equal(await scene.write({ replicas: 1 }, stored), Infinity);
  scene.cluster.refusals.set(
    "PATCH bitcoinnetworks/net/status",
    () => failure(500, "InternalError"),
  );
  await assert.rejects(scene.write({ replicas: 2 }, stored), /InternalError/);
});

Deno.test("StatusWriter.write() says once that it may not, remembers what was to be told, and goes on when it may", async () => {
  const scene = new Scene();
  const path = "PATCH bitcoinnetworks/net/status";
  const message = 'User "u" cannot patch resource "bitcoinnetworks/status"';
  scene.cluster.refusals.set(path, () => failure(403, "Forbidden", { message }));
  const { refusal, waitMs } = await scene.writer.write(scene.stored, { replicas: 1 }, SIGNAL);
  assert.equal(refusal?.reason, "Forbidden");
  assert.match(refusal?.message ?? "", /cannot patch resource "bitcoinnetworks\/status".*grant/);
  assert.equal(waitMs, Infinity, "it holds up nothing");
  const again = await scene.writer.write(scene.stored, { replicas: 2 }, SIGNAL);
  assert.equal(again.refusal, undefined, "it is no news");
  assert.deepEqual(scene.writer.told(scene.stored), { replicas: 2 });
  assert.equal(scene.writer.stored(scene.stored), scene.stored.status);

  scene.cluster.refusals.clear();
  await scene.write({ replicas: 2 });
  assert.deepEqual(scene.stored.status, { replicas: 2 });
  assert.deepEqual(scene.writer.told(scene.stored), { replicas: 2 });
});
