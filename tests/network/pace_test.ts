/** When the next look is due. */

import assert from "node:assert/strict";
import { nextRunMs } from "../../lib/network/pace.ts";

const SETTLED = { isSettled: true, busyRuns: 0, pollMs: 10_000 };

Deno.test("nextRunMs() is the poll of a settled network, and 2 s while it converges, or up to a tenth less", () => {
  const cases: [isSettled: boolean, random: number, ms: number][] = [
    [true, 0, 10_000],
    [true, 0.5, 9_500],
    [true, 1, 9_000],
    [false, 0, 2_000],
    [false, 1, 1_800],
  ];
  for (const [isSettled, random, ms] of cases) {
    assert.equal(Math.round(nextRunMs({ ...SETTLED, isSettled }, random)), ms);
  }
});

Deno.test("nextRunMs() never waits longer for a network that converges than for one that is settled", () => {
  assert.equal(nextRunMs({ isSettled: false, busyRuns: 0, pollMs: 500 }, 0), 500);
});

Deno.test("nextRunMs() looks soon after something was done, and less often while that does not help", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 1000].map((busyRuns) =>
    nextRunMs({ ...SETTLED, busyRuns }, 0)
  );
  assert.deepEqual(waits, [100, 200, 400, 800, 1600, 2000, 2000, 2000]);
});
