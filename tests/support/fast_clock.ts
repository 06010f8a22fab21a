/** A clock that runs faster than the machine's, for tests on real connections of code that waits for long. */

import { type Clock, systemClock } from "../../lib/time/mod.ts";

/** Monotonic time and sleep run `factor` times as fast; the wall clock, whose times people and servers read, is the true one. */
export function fastClock(factor: number): Clock {
  return {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}
