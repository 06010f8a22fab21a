import assert from "node:assert/strict";
import { answerBody } from "../../../../lib/embedded/bitcoin/rpc/envelope.ts";
import { RpcFailure } from "../../../../lib/embedded/bitcoin/rpc/failure.ts";
import { ERRORS } from "../../../rpc/_fixtures.ts";

/** Knows the methods of the captured answers. */
function execute(method: string, params: unknown): Promise<unknown> {
  if (method === "uptime") return Promise.resolve(7);
  if (method === "nothing") return Promise.resolve(undefined);
  if (method === "params") return Promise.resolve(params);
  if (method !== "addnode") return Promise.reject(new RpcFailure(-32601, "Method not found"));
  return Promise.reject(new RpcFailure(-23, "Error: Node already added"));
}

/** Requests whose answers were captured from a real bitcoind 30.99. */
const CAPTURED: readonly [answer: keyof typeof ERRORS, request: unknown][] = [
  ["addnode_dup_v1", { id: 1, method: "addnode" }],
  ["addnode_dup_v2", { jsonrpc: "2.0", id: 1, method: "addnode" }],
  ["no_method_v1", { id: 1, method: "nosuch" }],
  ["no_method_v2", { jsonrpc: "2.0", id: 1, method: "nosuch" }],
  ["int_jsonrpc", { jsonrpc: 1, id: 1, method: "uptime" }],
  ["batch_mixed", [
    { jsonrpc: "2.0", id: 1, method: "uptime" },
    { jsonrpc: "2.0", id: 2, method: "nosuch" },
  ]],
];

for (const [name, request] of CAPTURED) {
  Deno.test(`answerBody() answers as captured in '${name}'`, async () => {
    const { status, body } = await answerBody(JSON.stringify(request), execute);
    assert.deepEqual([status, JSON.stringify(body)], [ERRORS[name].http, ERRORS[name].body]);
  });
}

Deno.test("answerBody() answers as captured in 'parse_error'", async () => {
  const { status, body } = await answerBody("{", execute);
  const { parse_error: captured } = ERRORS;
  assert.deepEqual([status, JSON.stringify(body)], [captured.http, captured.body]);
});

Deno.test("answerBody() refuses a version that it does not know", async () => {
  const { status, body } = await answerBody('{"jsonrpc":"3.0","id":1,"method":"uptime"}', execute);
  assert.equal(status, 400);
  assert.deepEqual(JSON.parse(JSON.stringify(body)).error, {
    code: -32600,
    message: "JSON-RPC version not supported",
  });
});

Deno.test("answerBody() sends null for nothing, and no parameters as an empty list", async () => {
  const of = async (request: object): Promise<unknown> =>
    (await answerBody(JSON.stringify(request), execute)).body;
  assert.deepEqual(await of({ id: 1, method: "nothing" }), { result: null, error: null, id: 1 });
  assert.deepEqual(await of({ id: 1, method: "params", params: null }), {
    result: [],
    error: null,
    id: 1,
  });
});

Deno.test("answerBody() does not take a mistake in the fake for a refusal", async () => {
  const broken = (): Promise<never> => Promise.reject(new TypeError("bug"));
  await assert.rejects(answerBody('{"method":"uptime"}', broken), TypeError);
});
