/** Conditions, as kstatus reads them. */

import assert from "node:assert/strict";
import { conditionsOf, type Finding, readyFinding } from "../../lib/network/conditions.ts";
import { condition } from "./_samples.ts";

const HOLDS: Finding = { type: "NodesReady", holds: true, reason: "AllNodesReady", message: "m" };
const FAILS: Finding = { type: "Connected", holds: false, reason: "Connecting", message: "1 of 3" };

Deno.test("readyFinding() holds when all parts do", () => {
  assert.equal(readyFinding([HOLDS], undefined).holds, true);
});

Deno.test("readyFinding() has the reason of the first part that fails", () => {
  const late: Finding = { ...FAILS, type: "Synced", reason: "Syncing" };
  assert.deepEqual(readyFinding([HOLDS, FAILS, late], undefined), {
    type: "Ready",
    holds: false,
    reason: "Connecting",
    message: "1 of 3",
  });
});

Deno.test("readyFinding() has the reason of a stall before all others, even when all parts hold", () => {
  const stall = { reason: "SecretMissing" as const, message: "no Secret" };
  assert.deepEqual(readyFinding([HOLDS], stall), { type: "Ready", holds: false, ...stall });
});

Deno.test("conditionsOf() keeps the time of what has not turned, and takes a new one for what has", () => {
  const before = [
    condition("NodesReady", "True", "Before", { lastTransitionTime: "2026-01-01T00:00:00Z" }),
    condition("Connected", "True", "AllConnected", { lastTransitionTime: "2026-01-01T00:00:00Z" }),
  ];
  const [nodes, links, ...others] = conditionsOf([HOLDS, FAILS], before, 7, "2026-02-02T00:00:00Z");
  assert.deepEqual(others, []);
  assert.deepEqual(nodes, {
    type: "NodesReady",
    status: "True",
    observedGeneration: 7,
    lastTransitionTime: "2026-01-01T00:00:00Z",
    reason: "AllNodesReady",
    message: "m",
  });
  assert.deepEqual([links?.status, links?.lastTransitionTime], ["False", "2026-02-02T00:00:00Z"]);
});

Deno.test("conditionsOf() drops a condition that is no longer found", () => {
  const before = [condition("Stalled", "True", "SecretMissing")];
  assert.deepEqual(conditionsOf([], before, 1, "2026-02-02T00:00:00Z"), []);
});
