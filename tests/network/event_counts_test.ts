/** An hour of trouble in virtual time: how many Events a person finds afterwards, and what they say. */

import assert from "node:assert/strict";
import type { Event } from "kubernetes-types/events/v1.d.ts";
import { EventRecorder, EVENTS, PODS, STATEFUL_SETS } from "../../lib/kube/mod.ts";
import type { BitcoinNetworkSpec } from "../../lib/network/mod.ts";
import { failure } from "../support/scripted_server.ts";
import { settle } from "../support/fake_clock.ts";
import { Rig } from "./_rig.ts";

const HOUR_MS = 3_600_000;

/** Writes of Events that a reason is worth in an hour: a burst of 25, and one every five minutes. */
const MAX_WRITES = 25 + 12;

/** A rig whose events become Event objects. */
class Hour implements AsyncDisposable {
  readonly #recorders: EventRecorder[] = [];
  readonly rig = new Rig({
    recorder: ({ cluster: { client }, clock }) => {
      const names = { component: "bitcoin-controller", instance: "pod-0" };
      const [recorder = new EventRecorder({ client, clock, random: () => 0, ...names })] =
        this.#recorders;
      if (this.#recorders.length === 0) {
        this.#recorders.push(recorder);
        this.#running.push(recorder.run(this.#stop.signal));
      }
      return recorder;
    },
  });
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];

  /** Brings a network up, and lets the time pass after which a repetition is a new Event; what was told is forgotten. */
  async settled(spec: Partial<BitcoinNetworkSpec> = {}): Promise<void> {
    await this.rig.settled(spec);
    await this.rig.live(400_000);
    for (const { metadata } of this.rig.cluster.list(EVENTS)) {
      this.rig.cluster.remove(EVENTS, metadata.name);
    }
    this.rig.forget();
  }

  /** Does something every few seconds for an hour, with what the controller does about it. */
  async every(seconds: number, cause: (turn: number) => void): Promise<void> {
    const { clock } = this.rig;
    for (let turn = 0; turn * seconds * 1000 < HOUR_MS; turn++) {
      cause(turn);
      for (let i = 0; i < 2; i++) {
        await this.rig.run();
        await clock.advance(seconds * 500);
      }
    }
    await settle();
  }

  /** The Events, as the API server has them. */
  get events(): Event[] {
    return this.rig.cluster.list(EVENTS);
  }

  /** How many Events there are of each reason, and how often it happened by their counts. */
  get tally(): Record<string, { objects: number; count: number; writes: number }> {
    const tally: Record<string, { objects: number; count: number; writes: number }> = {};
    for (const { reason = "", metadata, series } of this.events) {
      const sum = tally[reason] ??= { objects: 0, count: 0, writes: 0 };
      sum.objects++;
      sum.count += series?.count ?? 1;
      const patches = this.rig.writes.filter((what) => what === `PATCH events/${metadata?.name}`);
      sum.writes += 1 + patches.length;
    }
    return tally;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
    await this.rig[Symbol.asyncDispose]();
  }
}

/** That of each reason there is one Event, with a count that rose, and few writes. */
function assertOneEach(hour: Hour, reasons: readonly string[]): void {
  assert.deepEqual(Object.keys(hour.tally).toSorted(), reasons);
  for (const [reason, { objects, count, writes }] of Object.entries(hour.tally)) {
    assert.equal(objects, 1, reason);
    assert.ok(count >= MAX_WRITES, `${reason} was counted ${count} times`);
    assert.ok(writes <= MAX_WRITES, `${reason} was written ${writes} times`);
  }
}

Deno.test("a node whose RPC answers and does not, 600 times an hour, is one Event with a count", async () => {
  await using hour = new Hour();
  const { rig } = hour;
  await hour.settled();
  await hour.every(6, (turn) => {
    if (turn % 2) rig.of().nodes.moods.clear();
    else rig.of().nodes.moods.set(1, "refusing");
  });
  assertOneEach(hour, ["NodeUnreachable"]);
  const [event] = hour.events;
  assert.match(event?.note ?? "", /^net-sts-1 cannot be reached: .*; see kubectl logs net-sts-1$/);
});

Deno.test("a pod that is Ready and is not, 600 times an hour, is no Event at all: its own tell that", async () => {
  await using hour = new Hour();
  const { rig } = hour;
  await hour.settled();
  await hour.every(6, (turn) => {
    const pod = rig.cluster.get(PODS, "net-sts-1");
    const status = turn % 2 ? "True" : "False";
    const conditions = [{ type: "Ready", status }];
    rig.cluster.put(PODS, { ...pod, status: { ...pod.status, conditions } });
  });
  assert.deepEqual(hour.events, []);
});

Deno.test("a node whose links are cut all the time is two Events with counts, and hides no fork", async () => {
  await using hour = new Hour();
  const { rig } = hour;
  await hour.settled({ topology: { type: "Line" } });
  const { model } = rig.of();
  await hour.every(6, (turn) => turn % 2 ? model.tick() : model.cut(1));
  model.tips.set(0, "a");
  model.tips.set(2, "b");
  await rig.live(10_000);
  const { ForkDetected, ...others } = hour.tally;
  assert.deepEqual(ForkDetected, { objects: 1, count: 1, writes: 1 });
  assert.deepEqual(Object.keys(others).toSorted(), ["Connected", "ConnectionsLost"]);
  for (const { objects, writes } of Object.values(others)) {
    assert.equal(objects, 1);
    assert.ok(writes <= MAX_WRITES);
  }
  const lost = hour.events.find(({ reason }) => reason === "ConnectionsLost");
  assert.match(lost?.note ?? "", /^0 of 2 connections are up; net-sts-0 lacks net-sts-1;/);
});

Deno.test("a chain that forks and heals all the time is one Event with a count", async () => {
  await using hour = new Hour();
  const { rig } = hour;
  await hour.settled();
  const { model } = rig.of();
  await hour.every(10, (turn) => {
    for (const ordinal of [0, 1, 2]) model.heights.set(ordinal, 1 + Math.floor(turn / 2));
    if (turn % 2) model.tips.clear();
    else model.tips.set(2, "mine");
  });
  assertOneEach(hour, ["ForkDetected"]);
});

Deno.test("a Secret that is missing for an hour is one Event, and counts up as often as it goes missing", async () => {
  await using hour = new Hour();
  const { rig } = hour;
  rig.wish({ secret: "mine" });
  await hour.every(10, () => {});
  assert.deepEqual(hour.tally["SecretMissing"], { objects: 1, count: 1, writes: 1 });
});

Deno.test("a write that fails all the time is one Event, and counts up when it fails anew", async () => {
  await using hour = new Hour();
  const { rig } = hour;
  await hour.settled();
  let attempts = 0;
  rig.cluster.refusals.set("PATCH statefulsets/net-sts", () =>
    // Some servers number their messages.
    failure(500, "InternalError", { message: `attempt ${++attempts} failed` }));
  rig.wish({ image: "bitcoin/bitcoin:31.0" });
  await hour.every(10, () => {});
  assert.ok(attempts > 300);
  assert.deepEqual(hour.tally, { CreationError: { objects: 1, count: 1, writes: 1 } });
  const [event] = hour.events;
  assert.match(event?.note ?? "", /attempt 1 failed/);
  rig.cluster.refusals.clear();
  await rig.live(20_000);
  rig.cluster.remove(STATEFUL_SETS, "net-sts");
  rig.cluster.refusals.set("PATCH statefulsets/net-sts", () => failure(500, "InternalError"));
  await rig.run();
  await settle();
  assert.ok(rig.events.filter((event) => event === "Warning CreationError").length === 2);
});

Deno.test("Events say whom they are about, who tells of it, what was done, and name things", async () => {
  await using hour = new Hour();
  const { rig } = hour;
  rig.wish({ nodes: 2 });
  await rig.live(30_000);
  await settle();
  const told = hour.events.map(({ reason, note }) => [reason, note]);
  assert.deepEqual(told, [
    ["CreatedService", "Created Service 'net-svc'"],
    ["CreatedStatefulSet", "Created StatefulSet 'net-sts'"],
    ["Connected", "The only connection is up"],
  ]);
  for (const event of hour.events) {
    assert.equal(event.regarding?.kind, "BitcoinNetwork");
    assert.equal(event.regarding?.name, "net");
    assert.equal(event.regarding?.uid, rig.network().metadata?.uid);
    assert.equal(event.reportingController, "bitcoin-controller");
    assert.ok(event.action);
  }
});
