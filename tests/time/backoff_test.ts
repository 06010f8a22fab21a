/** Growing delays. */

import assert from "node:assert/strict";
import { Backoff, type BackoffOptions } from "../../lib/time/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

function create(options: Partial<BackoffOptions> = {}): { clock: FakeClock; backoff: Backoff } {
  const clock = new FakeClock();
  const pace = { initialMs: 100, factor: 2, maxMs: 1000, jitter: 0, resetAfterMs: 5000, clock };
  return { clock, backoff: new Backoff({ ...pace, ...options }) };
}

Deno.test("next() grows by the factor up to the maximum, however often it is called", () => {
  const { backoff } = create();
  const delays = Array.from({ length: 6 }, () => backoff.next());
  assert.deepEqual(delays, [100, 200, 400, 800, 1000, 1000]);
  for (let i = 0; i < 2000; i++) assert.equal(backoff.next(), 1000);
});

Deno.test("next() adds up to the jitter's share of the delay, on top of the maximum too", () => {
  for (const [random, delays] of [[0, [100, 200]], [0.5, [150, 300]]] as const) {
    const { backoff } = create({ jitter: 1, random: () => random });
    assert.deepEqual([backoff.next(), backoff.next()], delays);
  }
  const { backoff } = create({ jitter: 0.5, random: () => 0.5, initialMs: 1000 });
  assert.equal(backoff.next(), 1250);
});

Deno.test("next() starts again after a quiet time, which counts from the end of the last delay", async () => {
  const { clock, backoff } = create();
  backoff.next();
  const delay = backoff.next();
  await clock.advance(delay + 5000);
  assert.equal(backoff.next(), 400, "just not quiet for long enough");
  await clock.advance(400 + 5001);
  assert.equal(backoff.next(), 100);
});

Deno.test("next() keeps growing for a thing that works for a moment between its failures", async () => {
  const { clock, backoff } = create();
  const delays: number[] = [];
  for (let i = 0; i < 4; i++) {
    const delay = backoff.next();
    delays.push(delay);
    await clock.advance(delay + 1000);
  }
  assert.deepEqual(delays, [100, 200, 400, 800]);
});
