/** Exponential backoff with jitter that forgets its failures after a quiet time. */

import type { Clock } from "./clock.ts";

/** How the delays of a {@linkcode Backoff} grow. */
export interface BackoffOptions {
  /** First delay, in ms. */
  readonly initialMs: number;
  /** Factor from one delay to the next. */
  readonly factor: number;
  /** Largest delay before jitter, in ms. */
  readonly maxMs: number;
  /** Up to this share of the delay is added at random: 1 makes 30 s a time between 30 and 60 s. */
  readonly jitter: number;
  /** After this time without a call of {@linkcode Backoff.next}, in ms, it starts again from `initialMs`. */
  readonly resetAfterMs: number;
  /** Time source. */
  readonly clock: Clock;
  /**
   * Random number from 0 up to 1.
   *
   * @default {Math.random}
   */
  readonly random?: () => number;
}

/** Hands out growing delays. It resets by quiet time alone, so a thing that works for a moment and fails again still slows down. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** Creates a backoff that has not failed yet. */
  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** The delay to wait now, in ms; each call counts as one more failure. */
  next(): number {
    const { initialMs, factor, maxMs, jitter, resetAfterMs, clock, random = Math.random } =
      this.#options;
    const now = clock.monotonic();
    if (now - this.#last > resetAfterMs) this.#failures = 0;
    const base = Math.min(maxMs, initialMs * factor ** this.#failures);
    const delay = base * (1 + jitter * random());
    this.#failures++;
    this.#last = now + delay;
    return delay;
  }
}
