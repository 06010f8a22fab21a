/** What observers hear of requests and watches. */

import assert from "node:assert/strict";
import {
  ApiError,
  type Exchange,
  follow,
  Informer,
  KubeClient,
  PODS,
  TransportError,
  type WatchRestart,
} from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { eventually } from "../support/eventually.ts";
import { failure, json, LiveBody, ScriptedServer, watchOf } from "../support/scripted_server.ts";
import { connectionTo, rejection } from "./_support.ts";

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
    json({}),
    json({}, { status: 201 }),
    json({}),
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
      return json({});
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

Deno.test("an error of a client has no URL in it, whose path may hold a token", async () => {
  const message = "error sending request for url (http://a/token/some-token/x): refused";
  const client = new KubeClient(connectionTo("http://a/token/some-token"), {
    fetch: () => Promise.reject(new TypeError("fetch failed", { cause: new Error(message) })),
  });
  const error = await rejection(client.request({ method: "POST", path: "/x" }), TransportError);
  assert.equal(error.message, "Cannot POST '/x': error sending request: refused");
  assert.match(Deno.inspect(error), /fetch failed/);
  assert.doesNotMatch(Deno.inspect(error), /some-token/);
});

Deno.test("an informer tells its observer why it lists and watches anew", async () => {
  await using server = new ScriptedServer();
  const clock = new FakeClock();
  using client = new KubeClient(connectionTo(server.url));
  const list = (): Response =>
    json({ kind: "PodList", metadata: { resourceVersion: "1" }, items: [] });
  const status = (code: number, reason: string): object => ({
    type: "ERROR",
    object: { kind: "Status", code, reason, message: reason },
  });
  const bookmark = {
    type: "BOOKMARK",
    object: { kind: "Pod", metadata: { resourceVersion: "2" } },
  };
  server.answer(
    failure(403, "Forbidden"), // refused
    list(),
    watchOf(), // empty
    watchOf(bookmark), // ended
    new Response('{"cut', { headers: { "content-type": "application/json" } }), // empty
    new Response("not json\n", { headers: { "content-type": "application/json" } }), // lost
    watchOf(status(410, "Expired")), // expired
    list(),
    failure(429, "TooManyRequests"), // busy
    failure(500, "InternalError"), // failed
    list(),
    new LiveBody().response(),
  );
  const restarts: string[] = [];
  const informer = new Informer(client.resource(PODS, "default"), {
    clock,
    random: () => 0,
    observer: { restarted: (resource, why) => restarts.push(`${resource} ${why}`) },
  });
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  await eventually(async () => {
    await clock.advance(1_000);
    return server.requests.length === 12;
  });
  stop.abort(new Error("The test is over"));
  await running;
  assert.deepEqual(restarts, [
    "pods refused",
    "pods empty",
    "pods ended",
    "pods empty",
    "pods lost",
    "pods expired",
    "pods busy",
    "pods failed",
  ]);
});

Deno.test("follow() tells a watch that was silent from one that the server ended", async () => {
  const clock = new FakeClock();
  const restarts: WatchRestart[] = [];
  const stop = new AbortController();
  const source = {
    list: () => Promise.resolve({ items: [], resourceVersion: "1" }),
    // deno-lint-ignore require-yield -- it is silent
    async *watch({ signal }: { readonly signal?: AbortSignal | undefined }) {
      await clock.sleep(1_000_000, signal);
    },
  };
  const following = (async () => {
    const changes = follow(source, {
      clock,
      signal: stop.signal,
      onRestart: (why) => restarts.push(why),
    });
    for await (const _ of changes);
  })();
  await clock.advance(150_000);
  assert.deepEqual(restarts, ["silent"]);
  stop.abort(new Error("The test is over"));
  await following;
});
