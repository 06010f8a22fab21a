import assert from "node:assert/strict";

import { ApiError, TransportError, type WatchEvent } from "../../lib/kube/mod.ts";
import { captureLogs } from "../support/logs.ts";
import {
  failure,
  LiveBody,
  RawServer,
  ScriptedServer,
  watchOf,
} from "../support/scripted_server.ts";
import {
  answerOf,
  clientOf,
  collectGarbage,
  rejection,
  type Thing,
  thing,
  THINGS,
} from "./_support.ts";

async function collect(server: ScriptedServer): Promise<WatchEvent<Thing>[]> {
  const events: WatchEvent<Thing>[] = [];
  const watch = clientOf(server).resource(THINGS, "ns").watch({ resourceVersion: "1" });
  for await (const event of watch) events.push(event);
  return events;
}

/** What a server said of its own kind, as of ours. */
async function ofOurKind(response: Response): Promise<Response> {
  const text = await response.text();
  return new Response(text.replaceAll('"kind":"BitcoinNetwork"', '"kind":"Thing"'));
}

Deno.test("watch() asks for bookmarks from the given version on, with its selectors", async () => {
  await using server = new ScriptedServer().answer(watchOf());
  const watch = clientOf(server).resource(THINGS, "ns").watch({
    resourceVersion: "7",
    labelSelector: "a=b",
    fieldSelector: "metadata.name=x",
    timeoutSeconds: 300,
  });
  for await (const event of watch) assert.fail(`unexpected ${event.type}`);
  assert.deepEqual(server.requests[0]?.query, {
    watch: "1",
    allowWatchBookmarks: "true",
    resourceVersion: "7",
    labelSelector: "a=b",
    fieldSelector: "metadata.name=x",
    timeoutSeconds: "300",
  });
});

Deno.test("watch() reads what a real server sent: added, modified, deleted and bookmarks", async () => {
  const answer = await ofOurKind(answerOf("watch with bookmarks: added, modified, deleted"));
  await using server = new ScriptedServer().answer(answer);
  const events = await collect(server);
  assert.deepEqual(events.slice(0, 3).map((event) => event.type), ["ADDED", "MODIFIED", "DELETED"]);
  const last = events.at(-1);
  assert.ok(last?.type === "BOOKMARK");
  assert.match(last.resourceVersion, /^\d+$/);
});

Deno.test("watch() throws an ERROR event of a real server as an ApiError", async () => {
  await using server = new ScriptedServer().answer(
    answerOf("watch from an expired resourceVersion"),
  );
  const error = await rejection(collect(server), ApiError);
  assert.equal(error.isExpired, true);
  assert.match(error.message, /^Cannot WATCH '.*': too old resource version: 1 \(202\)/);
});

Deno.test("watch() throws an ApiError when the request itself is refused", async () => {
  await using server = new ScriptedServer().answer(failure(410, "Gone"));
  assert.equal((await rejection(collect(server), ApiError)).isExpired, true);
});

Deno.test("watch() drops a last line that was cut", async () => {
  const whole = JSON.stringify({ type: "ADDED", object: thing("a", "2") });
  const cut = JSON.stringify({ type: "ADDED", object: thing("b", "3") }).slice(0, 40);
  await using server = new ScriptedServer().answer(new Response(`${whole}\n${cut}`));
  const events = await collect(server);
  assert.deepEqual(events, [{ type: "ADDED", object: thing("a", "2") }]);
});

Deno.test("watch() joins chunks that end inside a character", async () => {
  const object = thing("a", "2");
  object.metadata.labels = { city: "Zürich 😀" };
  const bytes = new TextEncoder().encode(`${JSON.stringify({ type: "ADDED", object })}\n`);
  const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
  await using server = new ScriptedServer().answer(new Response(ReadableStream.from(chunks)));
  assert.deepEqual(await collect(server), [{ type: "ADDED", object }]);
});

Deno.test("watch() skips events of another kind or type and goes on", async () => {
  const other = { ...thing("x", "2"), kind: "Other" };
  await using server = new ScriptedServer().answer(watchOf(
    { type: "ADDED", object: other },
    { type: "RENAMED", object: thing("x", "2") },
    { type: "ADDED" },
    { type: "ADDED", object: null },
    { type: "ADDED", object: { kind: "Thing" } },
    { type: "ADDED", object: { ...thing("x", "2"), metadata: { resourceVersion: "2" } } },
    { type: "ADDED", object: { ...thing("x", "2"), metadata: { name: "x", uid: "u" } } },
    {
      type: "MODIFIED",
      object: { ...thing("x", "2"), metadata: { name: "x", uid: "", resourceVersion: "2" } },
    },
    { type: "BOOKMARK", object: { kind: "Thing", metadata: { resourceVersion: 7 } } },
    [],
    { type: "BOOKMARK", object: { kind: "Thing" } },
    { type: "ADDED", object: thing("a", "3") },
  ));
  assert.deepEqual(await collect(server), [{ type: "ADDED", object: thing("a", "3") }]);
});

Deno.test("watch() is loud about the first event that it skips, and quiet about the others", async () => {
  await using logs = await captureLogs();
  const other = { type: "ADDED", object: { ...thing("x", "2"), kind: "Other" } };
  await using server = new ScriptedServer().answer(watchOf(other, other, other));
  await collect(server);
  assert.deepEqual(logs.lines.map(({ level }) => level), ["warning", "debug", "debug"]);
});

Deno.test("watch() throws a TransportError for a line that is not JSON", async () => {
  await using server = new ScriptedServer().answer(new Response("<html>\n"));
  const error = await rejection(collect(server), TransportError);
  assert.match(error.message, /a line is not valid JSON$/);
});

Deno.test("watch() throws a TransportError when the connection breaks", async () => {
  const line = `${JSON.stringify({ type: "ADDED", object: thing("a", "2") })}\n`;
  const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  const begun = `${head}${line.length.toString(16)}\r\n${line}\r\n`;
  await using server = new RawServer((connection) =>
    connection.write(new TextEncoder().encode(begun))
  );
  const watch = clientOf(server).resource(THINGS, "ns").watch({ resourceVersion: "1" });
  assert.equal((await watch.next()).done, false);
  await rejection(watch.next(), TransportError);
});

Deno.test("watch() calls onOpen when the server has accepted, before any event", async () => {
  const body = new LiveBody();
  await using server = new ScriptedServer().answer(body.response());
  const opened = Promise.withResolvers<void>();
  const watch = clientOf(server).resource(THINGS, "ns").watch({
    resourceVersion: "1",
    onOpen: opened.resolve,
  });
  const next = watch.next();
  // A server sends its headers with the first piece of the body.
  await body.send("\n");
  await opened.promise;
  await body.end();
  assert.equal((await next).done, true);
});

Deno.test("watch() hangs up when the iteration is left", async () => {
  const body = new LiveBody();
  await using server = new ScriptedServer().answer(body.response());
  await body.send({ type: "ADDED", object: thing("a", "2") });
  const watch = clientOf(server).resource(THINGS, "ns").watch({ resourceVersion: "1" });
  for await (const _ of watch) break;
  await body.cancelled;
});

Deno.test("watch() throws the reason and hangs up when it is aborted", async () => {
  const body = new LiveBody();
  const stop = new AbortController();
  await using server = new ScriptedServer().answer(body.response());
  await body.send({ type: "ADDED", object: thing("a", "2") });
  const { signal } = stop;
  const watch = clientOf(server).resource(THINGS, "ns").watch({ resourceVersion: "1", signal });
  await watch.next();
  const reason = new Error("enough");
  const next = watch.next();
  stop.abort(reason);
  assert.equal(await rejection(next, Error), reason);
  await body.cancelled;
});

Deno.test("watch() ends when it is aborted although garbage has been collected since it began", async () => {
  const body = new LiveBody();
  const stop = new AbortController();
  await using server = new ScriptedServer().answer(body.response());
  await body.send({ type: "ADDED", object: thing("a", "2") });
  const { signal } = stop;
  const watch = clientOf(server).resource(THINGS, "ns").watch({ resourceVersion: "1", signal });
  await watch.next();
  const next = watch.next();
  await collectGarbage();
  stop.abort(new Error("enough"));
  assert.equal((await rejection(next, Error)).message, "enough");
  await body.cancelled;
});
