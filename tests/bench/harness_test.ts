/** What the benchmarks print, and in which order they measure. */

import assert from "node:assert/strict";
import { measurer, summarize } from "../../bench/harness.ts";

Deno.test("summarize() finds the middle, the smallest and the largest", () => {
  assert.deepEqual(summarize([3, 1, 2]), { median: 2, min: 1, max: 3 });
  assert.deepEqual(summarize([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4 });
  assert.deepEqual(summarize([7]), { median: 7, min: 7, max: 7 });
});

Deno.test("measurer() takes turns after a warm-up that does not count, and prints rates and their ratio", async () => {
  let time = 0;
  const order: string[] = [];
  const printed: string[] = [];
  const takes = (name: string, ...times: number[]) => ({
    name,
    run: (): void => {
      order.push(name);
      time += times.shift() ?? Number.NaN;
    },
  });
  const measure = measurer({ rounds: 3, print: (line) => printed.push(line), now: () => time });
  await measure({
    name: "going",
    unit: "steps",
    count: 1000,
    reference: takes("runner", 9999, 100, 200, 100),
    subject: takes("walker", 9999, 250, 500, 200),
    targetPerSecond: 5000,
  });
  const [runner, walker] = ["runner", "walker"];
  assert.deepEqual(order, [runner, walker, walker, runner, runner, walker, walker, runner]);
  assert.deepEqual(printed, [
    "going   steps/s: median    min     max  ratio",
    "runner           10,000  5,000  10,000   1.00",
    "walker            4,000  2,000   5,000   0.40",
    "target 5,000 steps/s: MISSED",
    "",
  ]);
});
