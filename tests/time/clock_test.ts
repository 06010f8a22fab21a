/** The clock of the machine; its timers are mocked where a test would have to wait. */

import assert from "node:assert/strict";
import { mock } from "node:test";
import { systemClock } from "../../lib/time/mod.ts";
import { settle } from "../support/fake_clock.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** The longest time of `setTimeout`, 24.8 days. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Runs a test with a `setTimeout` that fires when the test says so; `tick` does. */
async function withMockedTimers(test: (tick: (ms: number) => Promise<void>) => Promise<void>) {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    await test(async (ms) => {
      mock.timers.tick(ms);
      await settle();
    });
  } finally {
    mock.timers.reset();
  }
}

Deno.test("sleep() wakes after its time and not before", () =>
  withMockedTimers(async (tick) => {
    let awake = false;
    systemClock.sleep(1000).then(() => awake = true);
    await tick(999);
    assert.equal(awake, false);
    await tick(1);
    assert.equal(awake, true);
  }));

Deno.test("sleep() is chained of timers that setTimeout can count when it is longer than 24.8 days", () =>
  withMockedTimers(async (tick) => {
    let awake = false;
    systemClock.sleep(60 * DAY_MS).then(() => awake = true);
    const last = 60 * DAY_MS - 2 * MAX_TIMEOUT_MS;
    for (const ms of [MAX_TIMEOUT_MS, MAX_TIMEOUT_MS, last - 1]) {
      await tick(ms);
      assert.equal(awake, false);
    }
    await tick(1);
    assert.equal(awake, true);
  }));

Deno.test("sleep() does not wake at once, as setTimeout does, when it is longer than 24.8 days", async () => {
  const stop = new AbortController();
  let awake = false;
  const sleep = systemClock.sleep(MAX_TIMEOUT_MS + 1, stop.signal).then(() => awake = true);
  // Not to wait for something: a timer that fires at once does so after 1 ms.
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(awake, false);
  stop.abort(new Error("enough"));
  await assert.rejects(sleep, /enough/);
});

Deno.test("sleep() for ever does not wake by itself and ends with its signal", () =>
  withMockedTimers(async (tick) => {
    const stop = new AbortController();
    const sleep = systemClock.sleep(Number.POSITIVE_INFINITY, stop.signal);
    for (let month = 0; month < 3; month++) await tick(30 * DAY_MS);
    stop.abort(new Error("enough"));
    await assert.rejects(sleep, /enough/);
  }));

Deno.test("sleep() returns soon but not synchronously when the time is zero or less", async () => {
  for (const ms of [0, -5]) {
    let awake = false;
    const sleep = systemClock.sleep(ms).then(() => awake = true);
    assert.equal(awake, false);
    await sleep;
  }
});

Deno.test("sleep() throws the reason of a signal that is aborted meanwhile, and leaves no timer", async () => {
  const stop = new AbortController();
  const sleep = systemClock.sleep(DAY_MS, stop.signal);
  stop.abort(new Error("no more"));
  await assert.rejects(sleep, /no more/);
});

Deno.test("sleep() throws the reason of a signal that was aborted before", async () => {
  await assert.rejects(systemClock.sleep(1, AbortSignal.abort(new Error("too late"))), /too late/);
});

Deno.test("now() is the wall clock and monotonic() never goes back", () => {
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1000);
  const before = systemClock.monotonic();
  assert.ok(systemClock.monotonic() >= before);
});
