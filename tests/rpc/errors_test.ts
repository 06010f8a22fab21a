import assert from "node:assert/strict";
import { RpcError, RpcTransportError } from "../../lib/rpc/errors.ts";

const PREDICATES = [
  "isNodeAlreadyAdded",
  "isNodeNotAdded",
  "isWarmingUp",
  "isNodeNotConnected",
  "isMethodNotFound",
] as const;

const CODES: readonly [code: number, predicate: typeof PREDICATES[number] | undefined][] = [
  [-23, "isNodeAlreadyAdded"],
  [-24, "isNodeNotAdded"],
  [-28, "isWarmingUp"],
  [-29, "isNodeNotConnected"],
  [-32601, "isMethodNotFound"],
  [-1, undefined],
];

for (const [code, predicate] of CODES) {
  Deno.test(`RpcError with code ${code} is ${predicate ?? "none of those that have a name"}`, () => {
    const error = new RpcError("m", code, "text");
    assert.deepEqual(
      PREDICATES.filter((name) => error[name]),
      predicate ? [predicate] : [],
    );
  });
}

Deno.test("RpcError names the method, what bitcoind said, and the code", () => {
  const error = new RpcError("addnode", -23, "Error: Node already added");
  assert.equal(error.message, "Cannot call addnode: Error: Node already added (code -23)");
  assert.equal(error.name, "RpcError");
});

Deno.test("RpcTransportError keeps its kind, the HTTP status and the cause", () => {
  const cause = new Error("reset");
  const error = new RpcTransportError("overloaded", "text", { status: 503, cause });
  assert.deepEqual([error.kind, error.status, error.cause], ["overloaded", 503, cause]);
  assert.equal(new RpcTransportError("unreachable", "text").status, undefined);
});
