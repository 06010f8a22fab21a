/** A clock that stands still until a test moves it, and the end of all work that needs no time. */

import { setImmediate } from "node:timers";
import type { Clock } from "../../lib/time/mod.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Virtual time: `advance` wakes every sleeper whose time has come, in order, and lets its work run before the next. */
export class FakeClock implements Clock {
  #time: number;
  readonly #start: number;
  #sleepers: Sleeper[] = [];

  /** Starts at `start`, in ms since 1970. */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#time = start;
    this.#start = start;
  }

  /** The virtual wall clock, in ms since 1970. */
  now(): number {
    return this.#time;
  }

  /** Virtual time since the clock was created, in ms. */
  monotonic(): number {
    return this.#time - this.#start;
  }

  /** How many are asleep. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  /** Resolves when `advance` gets there. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        this.#sleepers = this.#sleepers.filter((s) => s !== sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        at: this.#time + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** Moves time on by `ms`, waking sleepers on the way, each at its own moment. */
  async advance(ms: number): Promise<void> {
    const end = this.#time + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.#time = next.at;
      next.wake();
      await settle();
    }
    this.#time = end;
  }

  /** Who is to wake first, if that is not after `end`; of several, who fell asleep first. */
  #next(end: number): Sleeper | undefined {
    return this.#sleepers
      .filter(({ at }) => at <= end)
      .reduce<Sleeper | undefined>((first, s) => first && first.at <= s.at ? first : s, undefined);
  }
}

/** Lets all work that is ready to run do so, without any time passing. */
export async function settle(): Promise<void> {
  // A macrotask runs after every microtask that is queued now, and after those that they queue.
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}
