import assert from "node:assert/strict";
import { type Condition, type NetworkState, stateOf } from "../../lib/network/mod.ts";

function condition(type: string, status: Condition["status"], reason: string): Condition {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  return { type, status, reason, message: "", observedGeneration: 1, lastTransitionTime };
}

const CASES: readonly (readonly [NetworkState, string, readonly Condition[] | undefined])[] = [
  ["unknown", "no status", undefined],
  ["unknown", "no conditions", []],
  ["ready", "Ready", [condition("Ready", "True", "Ready")]],
  ["suspended", "no nodes", [condition("Ready", "False", "Suspended")]],
  ["progressing", "nodes that start", [
    condition("Ready", "False", "NodesStarting"),
    condition("Reconciling", "True", "NodesStarting"),
  ]],
  ["stalled", "a name that is taken", [
    condition("Ready", "False", "NameConflict"),
    condition("Stalled", "True", "NameConflict"),
  ]],
];

for (const [state, what, conditions] of CASES) {
  Deno.test(`stateOf() is '${state}' with ${what}`, () => {
    const status = conditions && { conditions: [...conditions] };
    assert.equal(stateOf(status ? { status } : {}), state);
  });
}
