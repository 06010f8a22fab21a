import assert from "node:assert/strict";

import {
  NOT_PROBED,
  type ProbeResult,
  probeSettings,
  probeStep,
} from "../../../lib/embedded/kubelet/probes.ts";

const settings = probeSettings({ successThreshold: 2, failureThreshold: 3 });

function verdictsOf(checks: string): string {
  const results: Record<string, ProbeResult> = { S: "success", F: "failure", E: "error" };
  let state = NOT_PROBED;
  return [...checks].map((check) => {
    state = probeStep(state, results[check] ?? "error", settings);
    return { success: "S", failure: "F", none: "-" }[state.verdict ?? "none"];
  }).join("");
}

const TABLE: readonly (readonly [what: string, checks: string, verdicts: string])[] = [
  ["passes at the success threshold", "SS", "-S"],
  ["fails at the failure threshold", "FFF", "--F"],
  ["counts only what is in a row", "SFSFFSFFF", "--------F"],
  ["keeps its verdict until the other one is reached", "SSFFSSFFF", "-SSSSSSSF"],
  ["comes back at the success threshold", "FFFSS", "--FFS"],
  ["does not count errors", "SESEFFEF", "--SSSSSF"],
];

for (const [what, checks, verdicts] of TABLE) {
  Deno.test(`probeStep() ${what}`, () => {
    assert.equal(verdictsOf(checks), verdicts);
  });
}

Deno.test("probeSettings() has the defaults of the API", () => {
  assert.deepEqual(probeSettings({}), {
    initialDelayMs: 0,
    periodMs: 10_000,
    timeoutMs: 1000,
    successThreshold: 1,
    failureThreshold: 3,
  });
});
