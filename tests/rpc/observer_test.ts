/** What an observer hears of calls. */

import assert from "node:assert/strict";
import { RpcClient, type RpcExchange, type RpcFetch } from "../../lib/rpc/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { json } from "../support/scripted_server.ts";

const RESULT = { jsonrpc: "2.0", result: 1, id: 0 };
const REFUSAL = { jsonrpc: "2.0", error: { code: -28, message: "Loading…" }, id: 1 };

const ANSWERS: readonly (readonly [outcome: string, methods: string[], answer: () => Response])[] =
  [
    ["success", ["getblockcount"], () => json(RESULT)],
    ["refused", ["getblockcount"], () => json(REFUSAL, { status: 500 })],
    ["unauthorized", ["getblockcount"], () => new Response("", { status: 401 })],
    ["overloaded", ["getblockcount"], () => new Response("Work queue depth", { status: 503 })],
    ["malformed", ["getblockcount"], () => new Response("hello")],
    ["malformed", ["getblockcount"], () => json({ jsonrpc: "2.0", id: 0 })],
    ["success", ["getpeerinfo", "uptime"], () => json([RESULT, { ...RESULT, id: 1 }])],
    ["refused", ["getpeerinfo", "uptime"], () => json([RESULT, REFUSAL])],
    ["refused", ["getpeerinfo", "uptime"], () => json(REFUSAL, { status: 500 })],
    ["unreachable", ["getpeerinfo", "uptime"], () => {
      throw new TypeError("connection refused");
    }],
  ];

for (const [index, [outcome, methods, answer]] of ANSWERS.entries()) {
  const what = `${methods.join(" and ")} with ${outcome} (answer ${index + 1})`;
  Deno.test(`RpcClient tells its observer of ${what}`, async () => {
    const clock = new FakeClock();
    const exchanges: RpcExchange[] = [];
    const client = new RpcClient({
      url: "http://a/",
      username: "user",
      password: "password",
      clock,
      observer: { exchanged: (exchange) => exchanges.push(exchange) },
      fetch: async () => {
        await clock.sleep(30);
        return answer();
      },
    });
    const [method = "", ...more] = methods;
    const asked = more.length === 0
      ? client.call(method)
      : client.batch(methods.map((name) => ({ method: name })));
    const settled = asked.catch(() => {});
    await clock.advance(30);
    await settled;
    assert.deepEqual(exchanges, [{ methods, outcome, tookMs: 30 }]);
  });
}

Deno.test("RpcClient tells its observer of a timeout and of a caller who gives up", async () => {
  const clock = new FakeClock();
  const exchanges: RpcExchange[] = [];
  const hang: RpcFetch = async (_url, { signal }) => {
    await clock.sleep(100_000, signal ?? undefined);
    return json(RESULT);
  };
  const client = new RpcClient({
    url: "http://a/",
    username: "user",
    password: "password",
    clock,
    observer: { exchanged: (exchange) => exchanges.push(exchange) },
    fetch: hang,
  });
  const late = assert.rejects(client.call("uptime"));
  await clock.advance(5_000);
  await late;
  const stop = new AbortController();
  const given = assert.rejects(client.call("uptime", [], { signal: stop.signal }), /enough/);
  await clock.advance(1_000);
  stop.abort(new Error("enough"));
  await given;
  assert.deepEqual(exchanges, [
    { methods: ["uptime"], outcome: "timeout", tookMs: 5_000 },
    { methods: ["uptime"], outcome: "aborted", tookMs: 1_000 },
  ]);
});
