import assert from "node:assert/strict";
import { Random } from "./random.ts";
import { pickBlow } from "./faults.ts";
import { percentile, reportOf } from "./report.ts";

Deno.test("Random repeats a sequence for its seed and has another one for another", () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 20 }, () => random.between(0, 1000));
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});

Deno.test("Random.pick() refuses an empty list", () => {
  assert.throws(() => new Random(1).pick([]), RangeError);
});

Deno.test("pickBlow() brings every kind of fault, alone, together and without a controller", () => {
  const random = new Random(1);
  const blows = Array.from({ length: 500 }, () => pickBlow(random));
  assert.ok(new Set(blows.flatMap(({ faults }) => faults.map(({ name }) => name))).size >= 18);
  assert.ok(blows.some(({ faults }) => faults.length === 2));
  assert.ok(blows.some(({ isBlind }) => isBlind));
});

Deno.test("reportOf() has a row for each kind of fault and one for all", () => {
  const report = reportOf([
    { fault: "b", healedMs: 100, violations: [] },
    { fault: "a", healedMs: 300, violations: ["it is broken"] },
    { fault: "a", healedMs: 200, violations: [] },
  ]);
  const rows = report.split("\n").map((line) => line.trim().split(/ {2,}/));
  assert.deepEqual(rows, [
    ["count", "p50 ms", "p99 ms", "max ms", "violations"],
    ["a", "2", "200", "300", "300", "1"],
    ["b", "1", "100", "100", "100", "0"],
    ["all faults", "3", "200", "300", "300", "1"],
  ]);
});

Deno.test("percentile() is the nearest rank", () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  assert.deepEqual([0.5, 0.99, 1].map((share) => percentile(values, share)), [50, 99, 100]);
  assert.equal(percentile([], 0.5), 0);
});
