/** How a replica ends: a lease that it may have is given up, so that the next one need not wait. */

import assert from "node:assert/strict";
import { LeaderElector } from "../../lib/kube/mod.ts";
import { Election, hang, whole } from "./_election.ts";

Deno.test("LeaderElector.run() gives the lease up when it is stopped, and another one has it at once", async () => {
  const election = new Election();
  const a = await election.startLeader();
  const b = election.start("b");
  await election.clock.advance(20_500);
  await a.stop();
  assert.equal(a.error, undefined);
  assert.equal(a.elector.isLeading, false);
  await election.clock.advance(0);
  assert.equal(b.elector.isLeading, true);
  assert.equal(election.server.lease?.spec?.leaseTransitions, 1);
  await b.stop();
  assert.equal(election.holder, "");
  assert.equal(election.server.lease?.spec?.leaseDurationSeconds, 1);
});

Deno.test("LeaderElector without the right to watch takes a lease that was given up at its next look", async () => {
  const election = new Election();
  election.server.denied.add("watch");
  const a = await election.startLeader();
  const b = election.start("b", { random: () => 0 });
  await election.clock.advance(20_500);
  await a.stop();
  assert.ok(await election.msUntilLeading(b) <= 2_000);
  await b.stop();
});

Deno.test("LeaderElector.run() gives up what a claim that was cut off may have got", async () => {
  const election = new Election();
  const a = election.start("a");
  a.leg = (direction) => direction === "there" ? whole() : election.clock.sleep(500);
  await election.clock.advance(600); // The claim is carried out, its answer is under way.
  assert.equal(election.holder, "a");
  a.leg = whole;
  await a.stop();
  assert.equal(election.holder, "");
});

Deno.test("LeaderElector.run() writes nothing when it is stopped before it was its turn", async () => {
  const election = new Election();
  const a = await election.startLeader();
  const b = election.start("b");
  await election.clock.advance(3_000);
  election.server.requests.length = 0;
  await b.stop();
  assert.deepEqual(election.server.requests, []);
  await a.stop();
});

Deno.test("LeaderElector.run() ends in 2 s when the lease cannot be given up, and does not fail for it", async () => {
  const election = new Election();
  const a = await election.startLeader();
  a.leg = hang;
  const stopping = a.stop();
  await election.clock.advance(2_000);
  await stopping;
  assert.equal(a.error, undefined);
});

Deno.test("LeaderElector.run() that is stopped before it starts asks for nothing", async () => {
  const election = new Election();
  const elector = new LeaderElector({
    leases: election.server.connect("a", election.clock, whole),
    name: "lease",
    identity: "a",
    clock: election.clock,
  });
  await elector.run(AbortSignal.abort(new Error("stop")));
  await assert.rejects(elector.elected(AbortSignal.abort(new Error("stop"))), /stop/);
  assert.deepEqual(election.server.requests, []);
});
