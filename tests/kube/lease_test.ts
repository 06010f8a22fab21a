/** Leader election in virtual time: who leads when, whatever clocks, network and server do. */

import assert from "node:assert/strict";
import { LeaseLostError, type LeaseTimes } from "../../lib/kube/mod.ts";
import { cut, Election, hang, whole } from "./_election.ts";

Deno.test("LeaderElector takes a Lease that does not exist, and writes who holds it since when", async () => {
  const election = new Election();
  const a = election.start("a");
  let elected = false;
  a.elector.elected().then(() => elected = true);
  assert.equal(a.elector.isLeading, false);
  await election.clock.advance(0);
  assert.equal(elected, true);
  assert.equal(a.elector.isLeading, true);
  assert.deepEqual(election.server.lease?.spec, {
    acquireTime: "2026-01-01T00:00:00.000000Z",
    holderIdentity: "a",
    leaseDurationSeconds: 15,
    leaseTransitions: 0,
    renewTime: "2026-01-01T00:00:00.000000Z",
  });
  await a.stop();
});

Deno.test("LeaderElector renews with one request each retry period, and keeps acquireTime and transitions", async () => {
  const election = new Election();
  const a = await election.startLeader();
  election.server.requests.length = 0;
  await election.clock.advance(10_000);
  assert.deepEqual(election.server.requests, Array(5).fill("a update"));
  assert.equal(election.server.lease?.spec?.acquireTime, "2026-01-01T00:00:00.000000Z");
  assert.equal(election.server.lease?.spec?.renewTime, "2026-01-01T00:00:10.000000Z");
  assert.equal(election.server.lease?.spec?.leaseTransitions, 0);
  await a.stop();
});

Deno.test("LeaderElector waits one full lease from its first look before it takes over, however old the record is", async () => {
  const election = new Election();
  const a = await election.startLeader();
  a.kill();
  await election.clock.advance(3_600_000);
  const b = election.start("b");
  await election.clock.advance(14_990);
  assert.equal(b.elector.isLeading, false);
  await election.clock.advance(10);
  assert.equal(b.elector.isLeading, true);
  const { holderIdentity, leaseTransitions, acquireTime } = election.server.lease?.spec ?? {};
  assert.deepEqual([holderIdentity, leaseTransitions], ["b", 1]);
  assert.equal(acquireTime, "2026-01-01T01:00:15.000000Z");
  await b.stop();
});

Deno.test("LeaderElector takes over one lease after the last renewal of a leader that died", async () => {
  const election = new Election();
  const a = await election.startLeader();
  const b = election.start("b");
  await election.clock.advance(60_000);
  assert.equal(b.elector.isLeading, false);
  a.kill();
  const tookMs = await election.msUntilLeading(b);
  assert.ok(tookMs >= 14_990 && tookMs <= 15_010, `${tookMs} ms after the last renewal`);
  await b.stop();
});

Deno.test("LeaderElector waits the duration that the record says, not its own", async () => {
  const election = new Election();
  const a = await election.startLeader({ leaseDurationMs: 60_000 });
  a.kill();
  const b = election.start("b");
  assert.equal(await election.msUntilLeading(b), 60_000);
  await b.stop();
});

for (
  const [who, wallOffsetMs] of [["ahead", 10 * 365 * 86_400_000], ["behind", -3_600_000]] as const
) {
  Deno.test(`LeaderElector steals nothing from a leader that renews, with its clock far ${who}`, async () => {
    const election = new Election();
    const a = await election.startLeader();
    const b = election.start("b", { wallOffsetMs });
    await election.clock.advance(300_000);
    assert.equal(election.holder, "a");
    assert.equal(a.elector.isLeading, true);
    assert.equal(b.elector.isLeading, false);
    await Promise.all([a.stop(), b.stop()]);
  });
}

Deno.test("LeaderElector keeps the lease when one request hangs", async () => {
  const election = new Election();
  const a = await election.startLeader();
  await election.clock.advance(1_000);
  a.leg = hang;
  await election.clock.advance(1_500); // The renewal at 2 s is under way, and lost.
  a.leg = whole;
  await election.clock.advance(60_000);
  assert.equal(a.elector.isLeading, true);
  assert.equal(election.server.lease?.spec?.leaseTransitions, 0);
  await a.stop();
});

Deno.test("LeaderElector renews on when somebody else changed the Lease but not its holder", async () => {
  const election = new Election();
  const a = await election.startLeader();
  election.server.requests.length = 0;
  election.server.edit({ preferredHolder: "x" } as object);
  await election.clock.advance(2_000);
  assert.deepEqual(election.server.requests, ["a update", "a get", "a update"]);
  assert.equal(a.elector.isLeading, true);
  assert.deepEqual(Object.entries(election.server.lease?.spec ?? {}).at(-2), [
    "preferredHolder",
    "x",
  ]);
  await a.stop();
});

Deno.test("LeaderElector.run() ends at once when somebody else holds the lease", async () => {
  const election = new Election();
  const a = await election.startLeader();
  election.server.edit({ holderIdentity: "thief" });
  await election.clock.advance(2_000);
  assert.equal(a.elector.isLeading, false);
  assert.ok(a.error instanceof LeaseLostError);
  assert.equal(a.error.message, "Cannot keep the lease 'ns/lease': 'thief' holds it");
});

Deno.test("LeaderElector makes the Lease again that somebody has deleted", async () => {
  const election = new Election();
  const a = await election.startLeader();
  election.server.remove();
  await election.clock.advance(2_000);
  assert.equal(election.holder, "a");
  assert.equal(a.elector.isLeading, true);
  await a.stop();
});

Deno.test("LeaderElector keeps the lease when the server is down for less than the renew deadline", async () => {
  const election = new Election();
  const a = await election.startLeader();
  a.leg = cut;
  await election.clock.advance(9_900);
  assert.equal(a.elector.isLeading, true);
  a.leg = whole;
  await election.clock.advance(100);
  assert.equal(a.hasEnded, true, "no try was left before the deadline");

  const other = new Election();
  const b = await other.startLeader();
  b.leg = cut;
  await other.clock.advance(7_900);
  b.leg = whole;
  await other.clock.advance(60_000);
  assert.equal(b.elector.isLeading, true);
  await b.stop();
});

Deno.test("LeaderElector.run() ends when the server is down for longer than the renew deadline", async () => {
  const election = new Election();
  const a = await election.startLeader();
  await election.clock.advance(1_000);
  a.leg = cut;
  await election.clock.advance(8_990);
  assert.equal(a.elector.isLeading, true);
  await election.clock.advance(10);
  assert.equal(a.elector.isLeading, false);
  assert.ok(a.error instanceof LeaseLostError);
  assert.equal(a.error.message, "Cannot keep the lease 'ns/lease': it was not renewed within 10 s");
  assert.equal(election.clock.sleeping, 0, "nothing is left behind");
});

Deno.test("LeaderElector counts the deadline from when a renewal was sent, not from when it was answered", async () => {
  const election = new Election();
  const a = await election.startLeader();
  a.leg = (direction) => direction === "there" ? whole() : election.clock.sleep(4_000);
  await election.clock.advance(6_100); // Sent at 2 s, answered at 6 s.
  a.leg = cut;
  await election.clock.advance(5_890);
  assert.equal(a.elector.isLeading, true);
  await election.clock.advance(10);
  assert.equal(a.elector.isLeading, false);
  assert.equal(a.hasEnded, true);
});

Deno.test("LeaderElector does not lead by a claim whose answer comes after its deadline", async () => {
  const election = new Election();
  const a = election.start("a");
  a.leg = (direction) => direction === "there" ? whole() : election.clock.sleep(200);
  await election.clock.advance(150); // The claim has got there; its answer comes at 200 ms.
  a.clock.stop();
  await election.clock.advance(10_000);
  assert.equal(election.holder, "a");
  a.clock.go();
  await election.clock.advance(0);
  assert.equal(a.elector.isLeading, false);
  a.leg = whole;
  election.server.edit({ holderIdentity: "b" });
  const tookMs = await election.msUntilLeading(a);
  assert.ok(tookMs >= 15_000, `it is a candidate as before, and waits: ${tookMs} ms`);
  await a.stop();
});

Deno.test("LeaderElector does not lead for a moment when its process goes on after a long stop", async () => {
  const election = new Election();
  const a = await election.startLeader();
  await election.clock.advance(1_999);
  const b = election.start("b");
  a.clock.stop();
  await election.msUntilLeading(b);
  election.server.requests.length = 0;
  a.clock.go();
  assert.equal(a.elector.isLeading, false, "before anything else has run");
  await election.clock.advance(0);
  assert.equal(a.hasEnded, true);
  assert.ok(a.error instanceof LeaseLostError);
  assert.deepEqual(election.server.requests, [], "it has not even asked");
  await b.stop();
});

Deno.test("LeaderElector.isHealthy turns false when a leader has not noticed for long that its lease expired", async () => {
  const election = new Election();
  const a = await election.startLeader();
  a.clock.stop();
  await election.clock.advance(34_999);
  assert.equal(a.elector.isHealthy, true);
  await election.clock.advance(1);
  assert.equal(a.elector.isHealthy, false);
  a.clock.go();
  await election.clock.advance(0);
  assert.equal(a.elector.isHealthy, true, "the process ends for another reason");
});

const BAD_TIMES: readonly (readonly [Partial<LeaseTimes>, RegExp])[] = [
  [
    { leaseDurationMs: 10_000 },
    /lease duration \(10 s\) must be longer than the renew deadline \(10 s\)/,
  ],
  [{ leaseDurationMs: 15_500 }, /whole seconds, at least one, not 15.5 s/],
  [{ leaseDurationMs: Number.NaN }, /whole seconds/],
  [
    { retryPeriodMs: 8_334 },
    /renew deadline \(10 s\) must be longer than 1.2 times the retry period/,
  ],
  [{ retryPeriodMs: 0 }, /more than zero/],
];

for (const [times, message] of BAD_TIMES) {
  Deno.test(`LeaderElector refuses ${JSON.stringify(times)}`, () => {
    assert.throws(() => new Election().start("a", times), (error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, message);
      return true;
    });
  });
}
