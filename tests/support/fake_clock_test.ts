/** The clock that all other tests rely on. */

import assert from "node:assert/strict";
import { FakeClock } from "./fake_clock.ts";

Deno.test("FakeClock.advance() wakes sleepers in the order of their times, each at its own moment", async () => {
  const clock = new FakeClock(1000);
  const woken: [string, number][] = [];
  const sleeper = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms);
    woken.push([name, clock.monotonic()]);
  };
  const sleepers = [sleeper("late", 30), sleeper("first", 10), sleeper("second", 10)];
  await clock.advance(29);
  assert.deepEqual(woken, [["first", 10], ["second", 10]]);
  assert.equal(clock.sleeping, 1);
  assert.equal(clock.now(), 1029);
  await clock.advance(1);
  assert.deepEqual(woken.at(-1), ["late", 30]);
  await Promise.all(sleepers);
});

Deno.test("FakeClock.advance() goes through the sleeps that follow from those it wakes", async () => {
  const clock = new FakeClock();
  const ticks: number[] = [];
  const ticker = (async () => {
    for (let i = 0; i < 3; i++) {
      await clock.sleep(100);
      ticks.push(clock.monotonic());
    }
  })();
  await clock.advance(1000);
  assert.deepEqual(ticks, [100, 200, 300]);
  assert.equal(clock.monotonic(), 1000);
  await ticker;
});

Deno.test("FakeClock.sleep() throws the signal's reason before and during the wait, and forgets the sleeper", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const sleep = clock.sleep(10, stop.signal);
  stop.abort(new Error("stop"));
  await assert.rejects(sleep, /stop/);
  await assert.rejects(clock.sleep(10, stop.signal), /stop/);
  assert.equal(clock.sleeping, 0);
});
