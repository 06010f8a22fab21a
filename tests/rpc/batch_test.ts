import assert from "node:assert/strict";
import { readBatch, readResponse, type RpcCall, toRequest } from "../../lib/rpc/batch.ts";
import { RpcError, RpcTransportError } from "../../lib/rpc/errors.ts";
import { ERRORS } from "./_fixtures.ts";

const CALLS: readonly RpcCall[] = [{ method: "uptime" }, { method: "nosuch" }, { method: "ping" }];

Deno.test("toRequest() marks a call with the string 2.0, which current Core insists on", () => {
  assert.deepEqual(toRequest({ method: "addnode", params: ["a", "add"] }, 3), {
    jsonrpc: "2.0",
    id: 3,
    method: "addnode",
    params: ["a", "add"],
  });
  assert.deepEqual(toRequest({ method: "uptime" }, 0).params, []);
});

const RESPONSES: readonly [what: string, response: unknown, result: unknown][] = [
  ["of JSON-RPC 2.0", { jsonrpc: "2.0", result: 7, id: 0 }, 7],
  ["of the old style", { result: 7, error: null, id: 0 }, 7],
  ["of a command that returns null", { jsonrpc: "2.0", result: null, id: 0 }, null],
  ["of such a command in the old style", { result: null, error: null, id: 0 }, null],
];

for (const [what, response, result] of RESPONSES) {
  Deno.test(`readResponse() returns the result ${what}`, () => {
    assert.deepEqual(readResponse("m", response), { result });
  });
}

const REFUSALS: readonly [answer: keyof typeof ERRORS, code: number][] = [
  ["addnode_dup_v1", -23],
  ["addnode_dup_v2", -23],
  ["remove_missing_v2", -24],
  ["disconnect_missing_v2", -29],
  ["no_method_v1", -32601],
  ["no_method_v2", -32601],
  ["int_jsonrpc", -32600],
  ["parse_error", -32700],
];

for (const [answer, code] of REFUSALS) {
  Deno.test(`readResponse() reads the captured refusal '${answer}' as an RpcError with code ${code}`, () => {
    const { error } = readResponse("m", JSON.parse(ERRORS[answer].body));
    assert.ok(error instanceof RpcError);
    assert.deepEqual([error.code, error.method], [code, "m"]);
  });
}

const BROKEN: readonly [why: string, response: unknown][] = [
  ["is no object", 7],
  ["is null", null],
  ["is a list", []],
  ["has neither result nor error", { jsonrpc: "2.0", id: 0 }],
  ["has an error that is a text", { error: "no", id: 0 }],
  ["has an error without a code", { error: { message: "no" }, id: 0 }],
  ["has an error without a message", { error: { code: -1 }, id: 0 }],
];

for (const [why, response] of BROKEN) {
  Deno.test(`readResponse() says that a response is malformed when it ${why}`, () => {
    const { error } = readResponse("getpeerinfo", response);
    assert.ok(error instanceof RpcTransportError);
    assert.equal(error.kind, "malformed");
    assert.match(error.message, /^Cannot read the response to getpeerinfo: /);
  });
}

Deno.test("readBatch() gives each call its own response, whatever their order", () => {
  const outcomes = readBatch(CALLS, [
    { jsonrpc: "2.0", result: null, id: 2 },
    { jsonrpc: "2.0", error: { code: -32601, message: "Method not found" }, id: 1 },
    { result: 5, error: null, id: 0 },
  ]);
  assert.deepEqual([outcomes[0], outcomes[2]], [{ result: 5 }, { result: null }]);
  assert.ok(outcomes[1]?.error instanceof RpcError && outcomes[1].error.isMethodNotFound);
});

Deno.test("readBatch() fails only the calls whose responses are missing, malformed or under a foreign id", () => {
  const outcomes = readBatch(CALLS, [
    { jsonrpc: "2.0", result: 5, id: "0" },
    { jsonrpc: "2.0", id: 1 },
    17,
    { jsonrpc: "2.0", result: null, id: 2 },
    { jsonrpc: "2.0", result: 1, id: null },
  ]);
  assert.deepEqual(outcomes.map(({ error }) => error?.message), [
    "Cannot read the response to uptime: there is none in the batch",
    "Cannot read the response to nosuch: it has neither result nor error",
    undefined,
  ]);
});

Deno.test("readBatch() throws what bitcoind says when it refuses the batch as a whole", () => {
  assert.throws(
    () => readBatch(CALLS, JSON.parse(ERRORS.parse_error.body)),
    (error) => error instanceof RpcError && error.code === -32700,
  );
});

Deno.test("readBatch() throws when the body is no list of responses", () => {
  for (const body of [{ result: 7, error: null, id: 0 }, {}, "text", null]) {
    assert.throws(
      () => readBatch(CALLS, body),
      (error) => error instanceof RpcTransportError && error.kind === "malformed",
    );
  }
});
