/** How long failed keys wait. */

import assert from "node:assert/strict";
import { RateLimiter, type RateLimiterOptions } from "../../lib/reconcile/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

function create(options: Partial<RateLimiterOptions> = {}): [RateLimiter<string>, FakeClock] {
  const clock = new FakeClock();
  return [new RateLimiter({ clock, ...options }), clock];
}

function delays(limiter: RateLimiter<string>, key: string, times: number): number[] {
  return Array.from({ length: times }, () => limiter.when(key));
}

Deno.test("when() doubles from 5 ms with each failure of a key, up to 5 minutes", () => {
  const [limiter] = create();
  assert.deepEqual(delays(limiter, "a", 5), [5, 10, 20, 40, 80]);
  assert.equal(delays(limiter, "a", 11).at(-1), 5 * 2 ** 15);
  assert.deepEqual(delays(limiter, "a", 2), [300_000, 300_000]);
});

Deno.test("when() stays at the maximum after so many failures that the power is infinite", () => {
  const [limiter] = create({ perSecond: Number.POSITIVE_INFINITY });
  assert.equal(delays(limiter, "a", 3000).at(-1), 300_000);
});

Deno.test("when() counts each key by itself", () => {
  const [limiter] = create();
  delays(limiter, "a", 3);
  assert.deepEqual(delays(limiter, "b", 2), [5, 10]);
  assert.deepEqual([limiter.failures("a"), limiter.failures("b"), limiter.failures("c")], [
    3,
    2,
    0,
  ]);
});

Deno.test("forget() starts a key over and leaves the others", () => {
  const [limiter] = create();
  delays(limiter, "a", 3);
  delays(limiter, "b", 3);
  limiter.forget("a");
  assert.equal(limiter.failures("a"), 0);
  assert.equal(limiter.when("a"), 5);
  assert.equal(limiter.when("b"), 40);
});

Deno.test("when() spreads failures over all keys at 10 a second once 100 have come at once", () => {
  const [limiter] = create();
  const first = Array.from({ length: 103 }, (_, i) => limiter.when(`key-${i}`));
  assert.deepEqual(first.slice(0, 100), Array(100).fill(5));
  assert.deepEqual(first.slice(100), [100, 200, 300]);
});

Deno.test("when() gets a token back every 100 ms, but never more than the burst", async () => {
  const [limiter, clock] = create({ burst: 2 });
  const next = ((i = 0) => (): number => limiter.when(`key-${i++}`))();
  assert.deepEqual([next(), next(), next()], [5, 5, 100]);
  await clock.advance(200);
  assert.deepEqual([next(), next()], [5, 100], "one of the two new tokens was promised before");
  await clock.advance(3_600_000);
  assert.deepEqual([next(), next(), next()], [5, 5, 100]);
});
