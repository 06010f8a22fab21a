/** What an elector says and does while a right on the Lease is missing, in virtual time. */

import assert from "node:assert/strict";
import { LeaseLostError } from "../../lib/kube/mod.ts";
import { type CapturedLogs, captureLogs, type LogLine } from "../support/logs.ts";
import { Election } from "./_election.ts";

/** The remedy, in the constant part of the message. */
const REMEDY =
  /: grant 'create', 'get', 'update' and 'watch' on leases\.coordination\.k8s\.io in its namespace to the account$/;

function warnings({ lines }: CapturedLogs): readonly LogLine[] {
  return lines.filter(({ level }) => level === "warning");
}

for (const verb of ["create", "get", "update"] as const) {
  Deno.test(`LeaderElector without the right to ${verb} says what to grant, once in five minutes, and leads when it has it`, async () => {
    await using logs = await captureLogs();
    const election = new Election();
    if (verb !== "create") await (await election.startLeader()).stop();
    election.server.denied.add(verb);
    const b = election.start("b");
    await election.clock.advance(299_000);
    const [told, ...more] = warnings(logs);
    assert.match(told?.text ?? "", REMEDY);
    const { error, ...fields } = told?.properties ?? {};
    assert.deepEqual(fields, { lease: "ns/lease", identity: "b", namespace: "ns" });
    // Text and no error, whose stack says nothing about a right.
    assert.equal(
      error,
      `Cannot ask: User "a" cannot ${verb} resource "leases" (403 Forbidden)`,
    );
    assert.deepEqual(more, []);
    assert.ok(logs.lines.filter(({ text }) => REMEDY.test(text)).length > 50, "the tries go on");
    await election.clock.advance(10_000);
    assert.equal(warnings(logs).length, 2);
    assert.ok(!logs.lines.some(({ text }) => text.startsWith("Waiting")), "it waits for nobody");

    election.server.denied.clear();
    assert.ok(await election.msUntilLeading(b) <= 4_400);
    await b.stop();
  });
}

Deno.test("LeaderElector that loses the right to update says so, ends, and says so again when it lost it again", async () => {
  await using logs = await captureLogs();
  const election = new Election();
  const a = await election.startLeader();
  for (const times of [1, 2]) {
    election.server.denied.add("update");
    await election.clock.advance(5_000);
    assert.equal(warnings(logs).length, times);
    assert.match(warnings(logs).at(-1)?.text ?? "", REMEDY);
    if (times === 1) election.server.denied.clear();
    await election.clock.advance(4_900);
  }
  assert.equal(a.hasEnded, true);
  assert.ok(a.error instanceof LeaseLostError);
});

Deno.test("LeaderElector says for whom it waits, once for each", async () => {
  await using logs = await captureLogs();
  const election = new Election();
  const a = await election.startLeader();
  const b = election.start("b");
  await election.clock.advance(10_000);
  election.server.edit({ holderIdentity: "c" });
  await election.clock.advance(10_000);
  const waiting = logs.lines.filter(({ text }) => text === "Waiting to become the leader");
  assert.deepEqual(waiting.map(({ properties }) => [properties.identity, properties.holder]), [
    ["b", "a"],
    ["b", "c"],
  ]);
  await Promise.all([a.stop(), b.stop()]);
});
