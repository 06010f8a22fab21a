import assert from "node:assert/strict";

import {
  afterRestart,
  type RestartBackoff,
  restartDelay,
} from "../../../lib/embedded/kubelet/restart_backoff.ts";

Deno.test("restartDelay() is none at first, then 10 s, and doubles up to 5 minutes", () => {
  const delays: number[] = [];
  let backoff: RestartBackoff | undefined;
  let nowMs = 1000;
  for (let i = 0; i < 8; i++) {
    const delayMs = restartDelay(backoff, nowMs);
    delays.push(delayMs / 1000);
    backoff = afterRestart(backoff, nowMs, nowMs + delayMs);
    nowMs += delayMs + 50;
  }
  assert.deepEqual(delays, [0, 10, 20, 40, 80, 160, 300, 300]);
});

Deno.test("restartDelay() is none again when the container has run for more than 10 minutes", () => {
  const backoff = { delayMs: 80_000, restartedAtMs: 0 };
  assert.equal(restartDelay(backoff, 600_000), 80_000);
  assert.equal(restartDelay(backoff, 600_001), 0);
  const restarted = afterRestart(backoff, 600_001, 600_001);
  assert.deepEqual(restarted, { delayMs: 10_000, restartedAtMs: 600_001 });
});
