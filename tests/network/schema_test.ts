/** The schema, as the controller itself reads it. */

import assert from "node:assert/strict";
import Value from "typebox/value";
import { type BitcoinNetworkStatus, SpecSchema, StatusSchema } from "../../lib/network/schema.ts";
import { statusOf } from "../../lib/network/status.ts";
import { member, pod, rolledOut, settings, up } from "./_samples.ts";

Deno.test("SpecSchema takes a spec of the original controller", () => {
  assert.ok(Value.Check(SpecSchema, { nodes: 2, secret: "bitcoin-default-secret" }));
  assert.ok(!Value.Check(SpecSchema, {}));
});

Deno.test("StatusSchema takes every status that the controller writes", () => {
  const status: BitcoinNetworkStatus = statusOf({
    name: "net",
    generation: 1,
    settings: settings({ nodes: 2 }),
    previous: undefined,
    pods: [pod(0), pod(1, { ready: false })],
    members: [member(0, up({ height: 4 })), member(1, { state: "starting", message: "m" })],
    edges: 1,
    plan: { actual: 0, missing: new Map([[0, ["net-sts-1"]]]) },
    set: rolledOut(2),
    stall: { reason: "SecretMissing", message: "m" },
    failure: undefined,
    unkept: undefined,
    now: "2026-01-01T00:00:00Z",
  });
  assert.deepEqual([...Value.Errors(StatusSchema, status)], []);
});
