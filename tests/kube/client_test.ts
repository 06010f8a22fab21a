import assert from "node:assert/strict";

import {
  ApiError,
  type Credentials,
  NODES,
  PODS,
  StaticToken,
  TransportError,
} from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { captureLogs } from "../support/logs.ts";
import { failure, json, LiveBody, RawServer, ScriptedServer } from "../support/scripted_server.ts";
import { answerOf, clientOf, collectGarbage, eventually, rejection } from "./_support.ts";

// Requests

Deno.test("request() sends the token, the user agent and what it accepts", async () => {
  await using server = new ScriptedServer().answer(json({ major: "1" }));
  const client = clientOf(server, { userAgent: "bitcoin-controller/1.0" }, {
    credentials: new StaticToken("secret"),
  });
  assert.deepEqual(await client.request({ path: "/version" }), { major: "1" });
  const [seen] = server.requests;
  assert.equal(seen?.headers.get("authorization"), "Bearer secret");
  assert.equal(seen?.headers.get("accept"), "application/json");
  assert.match(seen?.headers.get("user-agent") ?? "", /^bitcoin-controller\/1\.0 \(\w+\/\w+\)$/);
});

Deno.test("request() keeps the path prefix of the server's URL", async () => {
  await using server = new ScriptedServer().answer(json({}));
  const client = clientOf({ url: `${server.url}/k8s/clusters/a` });
  await client.request({ path: "/api/v1/pods", query: { limit: 1, gone: undefined } });
  assert.deepEqual(server.asked, ["GET /k8s/clusters/a/api/v1/pods?limit=1"]);
});

Deno.test("request() returns the text of an answer that is not JSON", async () => {
  await using server = new ScriptedServer().answer(new Response("ok"));
  assert.equal(await clientOf(server).request({ path: "/healthz" }), "ok");
});

Deno.test("request() throws a TransportError when a JSON answer cannot be parsed", async () => {
  const headers = { "content-type": "application/json" };
  await using server = new ScriptedServer().answer(new Response("<html>", { headers }));
  const error = await rejection(
    clientOf(server).request({ method: "POST", path: "/x" }),
    TransportError,
  );
  assert.equal(error.message, "Cannot POST '/x': the answer is not valid JSON");
});

Deno.test("request() follows no redirect and takes it for an error", async () => {
  const headers = { location: "http://127.0.0.1:9/" };
  await using server = new ScriptedServer().answer(new Response(null, { status: 302, headers }));
  const error = await rejection(clientOf(server).request({ path: "/x" }), ApiError);
  assert.equal(error.status, 302);
});

// Errors of the server

Deno.test("request() makes an ApiError of a Status that a real server sent", async () => {
  await using server = new ScriptedServer().answer(answerOf("get, missing"));
  const error = await rejection(clientOf(server).request({ path: "/x" }), ApiError);
  assert.equal(error.isNotFound, true);
  assert.equal(error.reason, "NotFound");
  assert.equal(error.details?.name, "zzz");
  assert.match(error.message, /^Cannot GET '\/x': bitcoinnetworks\..* not found \(404 NotFound\)$/);
});

Deno.test("request() makes an ApiError of a 403 that comes in chunks", async () => {
  const text = JSON.stringify({ kind: "Status", message: "no", reason: "Forbidden", code: 403 });
  const body = ReadableStream.from([text.slice(0, 5), text.slice(5)]).pipeThrough(
    new TextEncoderStream(),
  );
  await using server = new ScriptedServer().answer(new Response(body, { status: 403 }));
  const error = await rejection(clientOf(server).resource(NODES).list(), ApiError);
  assert.equal(error.isForbidden, true);
  assert.equal(error.serverMessage, "no");
});

Deno.test("request() tells its credentials of a 401 and does not try again by itself", async () => {
  const rejected: string[] = [];
  const credentials: Credentials = {
    authorization: () => Promise.resolve("Bearer old"),
    rejected: (authorization) => rejected.push(authorization),
  };
  await using server = new ScriptedServer().answer(answerOf("not authenticated"));
  const client = clientOf(server, {}, { credentials });
  const error = await rejection(client.request({ path: "/x" }), ApiError);
  assert.equal(error.isUnauthorized, true);
  assert.deepEqual(rejected, ["Bearer old"]);
});

// Retries

Deno.test("request() waits as long as a text 429 with Retry-After says and sends it again", async () => {
  const clock = new FakeClock();
  const busy = new Response("Too many requests, please try again later.", {
    status: 429,
    headers: { "retry-after": "7" },
  });
  await using server = new ScriptedServer().answer(busy, json({ ok: true }));
  const answer = clientOf(server, { clock }).request({ method: "POST", path: "/x", body: {} });
  await eventually(() => clock.sleeping === 1);
  await clock.advance(6_999);
  assert.equal(server.requests.length, 1);
  await clock.advance(1);
  assert.deepEqual(await answer, { ok: true });
});

Deno.test("request() throws a 429 without Retry-After at once", async () => {
  await using server = new ScriptedServer().answer(failure(429, "TooManyRequests"));
  const error = await rejection(clientOf(server).request({ path: "/x" }), ApiError);
  assert.equal(error.isTooManyRequests, true);
});

Deno.test("request() sends a GET again after a lost connection, and a POST never", async () => {
  const clock = new FakeClock();
  await using server = new RawServer();
  const client = clientOf(server, { clock });
  const post = client.request({ method: "POST", path: "/x", body: {} });
  assert.equal((await rejection(post, TransportError)).timedOut, false);
  assert.equal(server.connections, 1);

  const get = rejection(client.request({ path: "/x" }), TransportError);
  for (let i = 0; i < 2; i++) {
    await eventually(() => clock.sleeping === 1);
    await clock.advance(1000);
  }
  await get;
  assert.equal(server.connections, 4);
});

// Deadlines and cancellation

Deno.test("request() throws a TransportError that timed out when no answer comes in time", async () => {
  const late = Promise.withResolvers<Response>();
  await using server = new ScriptedServer().answer(() => late.promise);
  const error = await rejection(
    clientOf(server, { timeoutMs: 20 }).request({ path: "/x" }),
    TransportError,
  );
  assert.equal(error.timedOut, true);
  assert.equal(error.message, "Cannot GET '/x': there is no answer in time");
  late.resolve(json({}));
});

Deno.test("request() throws the reason when it is aborted on the way, and asks nothing when aborted before", async () => {
  const stop = new AbortController();
  const late = Promise.withResolvers<Response>();
  await using server = new ScriptedServer().answer(() => {
    stop.abort(new Error("enough"));
    return late.promise;
  });
  const client = clientOf(server);
  for (let i = 0; i < 2; i++) {
    const error = await rejection(client.request({ path: "/x", signal: stop.signal }), Error);
    assert.equal(error.message, "enough");
  }
  assert.equal(server.requests.length, 1);
  late.resolve(json({}));
});

Deno.test("request() can be aborted in the middle of a body although garbage has been collected", async () => {
  const body = new LiveBody();
  const stop = new AbortController();
  await using server = new ScriptedServer().answer(body.response());
  await body.send("first");
  const answer = clientOf(server).request({ path: "/x", signal: stop.signal });
  await eventually(() => server.requests.length === 1);
  await collectGarbage();
  stop.abort(new Error("enough"));
  assert.equal((await rejection(answer, Error)).message, "enough");
  await body.cancelled;
});

Deno.test("stream() ends its deadline with the headers", async () => {
  const body = new LiveBody();
  await using server = new ScriptedServer().answer(body.response());
  await body.send("first");
  const stream = await clientOf(server).stream({ path: "/x", timeoutMs: 50 });
  const text = new Response(stream).text();
  // Real time is the subject: the deadline has to pass while the body is open.
  await new Promise((resolve) => setTimeout(resolve, 80));
  await body.send(" second");
  await body.end();
  assert.equal(await text, "first second");
});

Deno.test("stream() throws an ApiError for an answer that is not 2xx", async () => {
  await using server = new ScriptedServer().answer(failure(410, "Expired"));
  assert.equal(
    (await rejection(clientOf(server).stream({ path: "/x" }), ApiError)).isExpired,
    true,
  );
});

// Logs

Deno.test("request() logs each warning of the server once", async () => {
  await using logs = await captureLogs();
  await using server = new ScriptedServer().answer(
    answerOf("create, warn field validation"),
    answerOf("create, warn field validation"),
  );
  const client = clientOf(server);
  await client.request({ method: "POST", path: "/x", body: {} });
  await client.request({ method: "POST", path: "/x", body: {} });
  assert.deepEqual(logs.lines, [{
    level: "warning",
    text: "The API server warns",
    properties: { warning: 'unknown field "spec.typo"', path: "/x" },
  }]);
});

// Secrets

Deno.test("a client shows no secret when it is printed, nor do its errors", async () => {
  await using logs = await captureLogs();
  const busy = failure(503, "Busy");
  busy.headers.set("retry-after", "0");
  await using server = new ScriptedServer().answer(busy, failure(403, "Forbidden"));
  const client = clientOf(server, {}, { credentials: new StaticToken("hush-hush") });
  const error = await rejection(client.resource(PODS).list(), ApiError);
  assert.equal(logs.lines.length, 1, "the retry is logged");
  for (const value of [client, client.connection, error, client.resource(PODS), logs.lines]) {
    assert.doesNotMatch(Deno.inspect(value, { depth: 10, showHidden: true }), /hush/);
    assert.doesNotMatch(JSON.stringify(value) ?? "", /hush/);
  }
});
