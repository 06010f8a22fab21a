/** What an informer does about what fails: who is told, how loudly, and that it goes on. */

import assert from "node:assert/strict";
import { ApiError, ConfigError, Informer, TransportError } from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { captureLogs } from "../support/logs.ts";
import { failure, json, LiveBody, ScriptedServer, watchOf } from "../support/scripted_server.ts";
import { FakeSource } from "./_fake_source.ts";
import { listed, scene } from "./_informer_scene.ts";
import { clientOf, eventually, thing, thingList, THINGS } from "./_support.ts";

Deno.test("lastError and onError tell that the kind is not installed, until it is", async () => {
  const missing = new ApiError({
    request: "GET '/x'",
    status: 404,
    reason: "NotFound",
    serverMessage: "page not found",
  });
  const told: unknown[] = [];
  const onError = (error: unknown, retryMs: number): unknown => told.push([error, retryMs]);
  await using s = await scene(new FakeSource([missing, missing, listed("1")]), { onError });
  assert.equal(s.informer.lastError, missing);
  assert.equal(s.informer.hasSynced, false);
  await s.clock.advance(800);
  assert.deepEqual(told, [[missing, 800], [missing, 1600]]);
  await s.clock.advance(1600);
  assert.equal(s.informer.lastError, undefined);
  assert.equal(s.informer.hasSynced, true);
});

Deno.test("a missing right is logged loudly once, and a lost connection quietly", async () => {
  await using logs = await captureLogs();
  const init = { request: "GET '/x'", status: 403, reason: "Forbidden", serverMessage: "m" };
  const forbidden = new ApiError(init);
  const lost = new TransportError("lost");
  await using s = await scene(new FakeSource([forbidden, forbidden, lost, listed("1")]));
  await s.clock.advance(10_000);
  assert.deepEqual(logs.lines.map(({ level, properties }) => [level, properties.error]), [
    ["warning", forbidden],
    ["debug", forbidden],
    ["debug", lost],
  ]);
});

Deno.test("a right to watch that is missing is logged loudly once, though lists succeed, and again after minutes", async () => {
  await using logs = await captureLogs();
  const init = { request: "GET '/x'", status: 403, reason: "Forbidden", serverMessage: "m" };
  const refused = new ApiError(init);
  const lists = Array.from({ length: 30 }, () => listed("1"));
  await using s = await scene(new FakeSource(lists, lists.map(() => ({ refused }))));
  const loud = (): number => logs.lines.filter(({ level }) => level === "warning").length;
  await s.clock.advance(60_000);
  assert.equal(loud(), 1);
  assert.match(logs.lines[0]?.text ?? "", /grant 'list' and 'watch'/);
  assert.equal(s.informer.lastError, refused, "a list is not all");
  await s.clock.advance(300_000);
  assert.equal(loud(), 2);
});

Deno.test("whoever is anonymous to the server is told of credentials, and not to grant anything to everybody", async () => {
  await using logs = await captureLogs();
  const serverMessage =
    'things is forbidden: User "system:anonymous" cannot list resource "things"';
  const init = { request: "GET '/x'", status: 403, reason: "Forbidden", serverMessage };
  await using _ = await scene(new FakeSource([new ApiError(init), listed("1")]));
  const [{ level, text } = {}] = logs.lines;
  assert.equal(level, "warning");
  assert.match(text ?? "", /accepted no credentials/);
});

Deno.test("credentials that are no longer accepted are logged loudly once", async () => {
  await using logs = await captureLogs();
  const init = { request: "GET '/x'", status: 401, reason: "Unauthorized", serverMessage: "m" };
  const refused = new ApiError(init);
  await using s = await scene(new FakeSource([refused, refused, listed("1")]));
  await s.clock.advance(10_000);
  assert.deepEqual(logs.lines.map(({ level }) => level), ["warning", "debug"]);
});

Deno.test("credentials that cannot be had any more are logged loudly once", async () => {
  await using logs = await captureLogs();
  const expired = new ConfigError("Cannot get credentials from plugin 'p': log in again");
  await using s = await scene(new FakeSource([expired, expired, listed("1")]));
  await s.clock.advance(10_000);
  assert.deepEqual(logs.lines.map(({ level }) => level), ["warning", "debug"]);
});

Deno.test("lastError is over when a watch is accepted again", async () => {
  const lost = new Error("lost");
  const source = new FakeSource([listed("1"), listed("2")], [{ end: lost }]);
  await using s = await scene(source);
  assert.equal(s.informer.lastError, lost);
  await s.clock.advance(800);
  assert.equal(s.informer.lastError, undefined);
});

Deno.test("onRecovered tells that a watch is accepted after a failure, once for each", async () => {
  const lost = new TransportError("lost");
  let recovered = 0;
  const source = new FakeSource(
    [lost, listed("1")],
    [{ refused: lost }, { end: "silent" }],
  );
  await using s = await scene(source, { onRecovered: () => recovered++ });
  await s.clock.advance(800);
  assert.equal(recovered, 0, "a list alone is not all");
  await s.clock.advance(1600);
  assert.deepEqual([recovered, source.calls.at(-1)], [1, "watch 1"]);
});

Deno.test("an informer lives through a 410 event, a 410 status and a watch that ends at once", async () => {
  const live = new LiveBody();
  const gone = { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } };
  await using server = new ScriptedServer().answer(
    json(thingList("5", [thing("a", "1")])),
    watchOf({ type: "ADDED", object: thing("b", "6") }, gone),
    json(thingList("10", [thing("a", "1")])),
    failure(410, "Gone"),
    json(thingList("20", [thing("c", "12")])),
    watchOf({ type: "BOOKMARK", object: { kind: "Thing", metadata: { resourceVersion: "30" } } }),
    live.response(),
  );
  const clock = new FakeClock();
  const client = clientOf(server, { clock });
  let failures = 0;
  const informer = new Informer(client.resource(THINGS, "ns"), {
    clock,
    random: () => 0,
    onError: () => failures++,
  });
  const heard: string[] = [];
  informer.subscribe({
    added: (object) => heard.push(`+${object.metadata.name}`),
    deleted: (object) => heard.push(`-${object.metadata.name}`),
  });
  const stop = new AbortController();
  const done = informer.run(stop.signal);
  await eventually(() => failures === 1);
  await clock.advance(800);
  await eventually(() => failures === 2);
  await clock.advance(1600);
  await eventually(() => failures === 3);
  await clock.advance(3200);
  await live.send({ type: "ADDED", object: thing("d", "31") });
  await eventually(() => heard.length === 6);
  assert.deepEqual(heard, ["+a", "+b", "-b", "-a", "+c", "+d"]);
  assert.deepEqual(
    server.requests.map(({ query }) => query.watch ? `watch ${query.resourceVersion}` : "list"),
    ["list", "watch 5", "list", "watch 10", "list", "watch 20", "watch 30"],
  );
  stop.abort();
  await done;
  await live.cancelled;
});
