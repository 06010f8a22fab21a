/** Waits for a state of the world, with a deadline that says what was still missing. */

import { type Clock, isAbort, systemClock } from "../time/mod.ts";

/** How long, how often. */
export interface UntilOptions {
  /** Gives up after this time, in ms. @default {30_000} */
  readonly timeoutMs?: number;
  /** Looks again after this time, in ms. @default {50} */
  readonly everyMs?: number;
  /** Stops the wait. */
  readonly signal?: AbortSignal;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock;
}

/** Thrown by a check of {@linkcode until}: not yet, and why. */
export class NotYet extends Error {
  /** Says what is still missing. */
  constructor(missing: string) {
    super(missing);
    this.name = "NotYet";
  }
}

/**
 * Calls `check` until it returns, and returns what it returned. While it throws, the world is not there yet.
 *
 * @throws an Error naming `what` and the last thing that was missing when the time is over
 */
export async function until<T>(
  what: string,
  check: (signal: AbortSignal | undefined) => Promise<T>,
  options: UntilOptions = {},
): Promise<T> {
  const { timeoutMs = 30_000, everyMs = 50, signal, clock = systemClock } = options;
  const end = clock.monotonic() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await check(signal);
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      if (clock.monotonic() >= end) {
        const missing = error instanceof Error ? error.message : String(error);
        throw new Error(`Waited ${timeoutMs / 1000} s for ${what}: ${missing}`, { cause: error });
      }
    }
    await clock.sleep(everyMs, signal);
  }
}
