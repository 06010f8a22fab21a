/** What observers hear of requests and watches. */

import assert from "node:assert/strict";
import {
  ApiError,
  type Exchange,
  Informer,
  KubeClient,
  PODS,
  TransportError,
  type WatchEvent,
} from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { failure, json, ScriptedServer, watchOf } from "../support/scripted_server.ts";
import { FakeSource } from "./_fake_source.ts";
import { connectionTo, rejection, type Thing, thing } from "./_support.ts";

Deno.test("a client tells its observer of every exchange, in the words of RBAC", async () => {
  await using server = new ScriptedServer();
  const exchanges: Exchange[] = [];
  const connection = connectionTo(`${server.url}/token/some-token`);
  using client = new KubeClient(connection, { observer: { exchanged: (e) => exchanges.push(e) } });
  const pods = client.resource(PODS, "default");
  server.answer(
    json({ kind: "PodList", metadata: { resourceVersion: "1" }, items: [] }),
    watchOf(),
    failure(403, "Forbidden"),
    json({ metadata: { name: "a" } }),
    json({ metadata: { name: "a" } }, { status: 201 }),
    json({ metadata: { name: "a" } }),
  );
  await pods.list();
  for await (const _ of pods.watch({ resourceVersion: "1" }));
  await rejection(pods.get("a"), ApiError);
  await pods.status.mergePatch("a", { status: {} });
  await pods.create({ metadata: { name: "a" } });
  await client.request({ path: "/version" });
  assert.deepEqual(
    exchanges.map(({ method, status, operation }) => [
      `${method} ${status}`,
      operation && `${operation.verb} ${operation.apiGroup}/${operation.resource}`,
    ]),
    [
      ["GET 200", "list /pods"],
      ["GET 200", "watch /pods"],
      ["GET 403", "get /pods"],
      ["PATCH 200", "patch /pods/status"],
      ["POST 201", "create /pods"],
      ["GET 200", undefined],
    ],
  );
  for (const { host, tookMs } of exchanges) {
    assert.equal(host, server.address);
    assert.ok(tookMs >= 0);
  }
  assert.doesNotMatch(JSON.stringify(exchanges), /some-token/);
});

Deno.test("a client tells its observer of every attempt, also of those without an answer", async () => {
  const clock = new FakeClock();
  const exchanges: Exchange[] = [];
  let attempts = 0;
  const client = new KubeClient(connectionTo("http://a.invalid"), {
    clock,
    observer: { exchanged: (exchange) => exchanges.push(exchange) },
    fetch: async () => {
      await clock.sleep(40);
      if (++attempts < 3) throw new TypeError("connection reset");
      return json({ metadata: { name: "a" } });
    },
  });
  const answer = client.resource(PODS, "default").get("a");
  await clock.advance(10_000);
  await answer;
  assert.deepEqual(
    exchanges.map(({ status, tookMs }) => [status, tookMs]),
    [[undefined, 40], [undefined, 40], [200, 40]],
  );
});

for (
  const [when, message, expected] of [
    [
      "before it is connected",
      "error sending request for url (http://a/token/some-token/x): refused",
      "error sending request: refused",
    ],
    [
      "once it is connected",
      "error sending request from 127.0.0.1:1 for http://a/token/some-token/x (127.0.0.1:2): cut off",
      "error sending request from 127.0.0.1:1 (127.0.0.1:2): cut off",
    ],
    [
      "whose failure Deno says twice",
      "error sending request for url (http://a/token/some-token/x): dns error: lookup failed: no name: lookup failed: no name",
      "error sending request: dns error: lookup failed: no name",
    ],
  ] as const
) {
  Deno.test(`an error of a client ${when} has no URL in it, whose path may hold a token`, async () => {
    const client = new KubeClient(connectionTo("http://a/token/some-token"), {
      fetch: () => Promise.reject(new TypeError("fetch failed", { cause: new Error(message) })),
    });
    const error = await rejection(client.request({ method: "POST", path: "/x" }), TransportError);
    assert.equal(error.message, `Cannot POST '/x': ${expected}`);
    assert.match(Deno.inspect(error), /fetch failed/);
    assert.doesNotMatch(Deno.inspect(error), /some-token/);
  });
}

Deno.test("an error of fetch on a connection that the server cuts has no URL in it", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const cutting = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(1000));
  })();
  using client = new KubeClient(
    connectionTo(`http://127.0.0.1:${listener.addr.port}/token/some-token`),
  );
  const error = await rejection(client.request({ method: "POST", path: "/x" }), TransportError);
  await cutting;
  assert.doesNotMatch(Deno.inspect(error), /some-token/);
});

Deno.test("an informer tells its observer why it lists and watches anew", async () => {
  const failed = (status: number, reason: string): ApiError =>
    new ApiError({ request: "GET '/x'", status, reason, serverMessage: "m" });
  const list = { items: [], resourceVersion: "1" };
  const added: WatchEvent<Thing> = { type: "ADDED", object: thing("a", "2") };
  const source = new FakeSource(
    [failed(403, "Forbidden"), list, list, list],
    [
      { end: "clean" },
      { events: [added], end: "clean" },
      { end: new TransportError("lost") },
      { end: "silent" },
      { end: failed(410, "Expired") },
      { end: failed(429, "TooManyRequests") },
      { end: failed(500, "InternalError") },
      { end: "silent" },
    ],
  );
  const clock = new FakeClock();
  const restarts: string[] = [];
  const informer = new Informer(source, {
    clock,
    random: () => 0,
    observer: { restarted: (resource, why) => restarts.push(`${resource} ${why}`) },
  });
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  // The silence of one watch, and the waits after the failures; but not the silence of the last one.
  await clock.advance(150_000 + 100_000);
  stop.abort(new Error("The test is over"));
  await running;
  assert.deepEqual(restarts, [
    "things refused",
    "things empty",
    "things ended",
    "things lost",
    "things silent",
    "things expired",
    "things busy",
    "things failed",
  ]);
});
