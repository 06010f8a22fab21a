/** Who may not write sends nothing, whatever is under way. */

import assert from "node:assert/strict";

import { type Credentials, TransportError, writesOnlyWhile } from "../../lib/kube/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { failure, ScriptedServer } from "../support/scripted_server.ts";
import { clientOf, rejection, thing, THINGS } from "./_support.ts";

Deno.test("writesOnlyWhile() lets reads pass at any time, and writes only while it is true", async () => {
  let mayWrite = false;
  await using server = new ScriptedServer();
  using client = clientOf(server, { beforeSend: writesOnlyWhile(() => mayWrite) });
  const things = client.resource(THINGS, "ns");
  server.answer(Response.json(thing("a", "1")));
  assert.equal((await things.get("a")).metadata.name, "a");
  const writes: readonly (() => Promise<unknown>)[] = [
    () => things.create({ metadata: { name: "a" } }),
    () => things.update({ metadata: { name: "a" } }),
    () => things.apply({ metadata: { name: "a" } }, { fieldManager: "test" }),
    () => things.mergePatch("a", {}),
    () => things.delete("a"),
  ];
  for (const write of writes) {
    const { message } = await rejection(write(), TransportError);
    assert.match(message, /^Cannot [A-Z]+ '.*': this replica is not the leader$/);
  }
  assert.equal(server.requests.length, 1);
  mayWrite = true;
  server.answer(Response.json(thing("a", "2")));
  await things.mergePatch("a", {});
  assert.equal(server.requests.length, 2);
});

Deno.test("writesOnlyWhile() is asked when the request is sent, after all that takes time before", async () => {
  let mayWrite = true;
  const credentials: Credentials = {
    async authorization() {
      await Promise.resolve();
      mayWrite = false;
      return "Bearer late";
    },
    rejected() {},
  };
  await using server = new ScriptedServer();
  const guard = { beforeSend: writesOnlyWhile(() => mayWrite) };
  using client = clientOf(server, guard, { credentials });
  await rejection(client.resource(THINGS, "ns").mergePatch("a", {}), TransportError);
  assert.equal(server.requests.length, 0);
});

Deno.test("writesOnlyWhile() is asked again when a request is sent again", async () => {
  let mayWrite = true;
  const clock = new FakeClock();
  await using server = new ScriptedServer();
  using client = clientOf(server, { clock, beforeSend: writesOnlyWhile(() => mayWrite) });
  server.answer(() => {
    mayWrite = false;
    const busy = failure(429, "TooManyRequests");
    busy.headers.set("retry-after", "1");
    return busy;
  });
  const outcome = rejection(client.resource(THINGS, "ns").mergePatch("a", {}), TransportError);
  while (server.requests.length === 0 || clock.sleeping === 0) await settle();
  await clock.advance(1_000);
  await outcome;
  assert.equal(server.requests.length, 1);
});
