/** How long a key that failed must wait. */

import type { Clock } from "../time/mod.ts";

/** Tunes a {@linkcode RateLimiter}. */
export interface RateLimiterOptions {
  /** Time source. */
  readonly clock: Clock;
  /**
   * Delay after the first failure of a key, in ms; it doubles with each further one.
   *
   * @default {5} as client-go's `DefaultTypedControllerRateLimiter`
   */
  readonly initialMs?: number;
  /**
   * Longest delay of a key, in ms.
   *
   * @default {300_000} client-go's 1000 s look like a hang to a person
   */
  readonly maxMs?: number;
  /**
   * Retries a second over all keys.
   *
   * @default {10} as client-go
   */
  readonly perSecond?: number;
  /**
   * Retries that may come at once before `perSecond` counts.
   *
   * @default {100} as client-go
   */
  readonly burst?: number;
}

/** Delays retries: exponentially for each key, and by a token bucket over all of them; the longer delay counts. */
export class RateLimiter<K> {
  readonly #clock: Clock;
  readonly #initialMs: number;
  readonly #maxMs: number;
  readonly #msPerToken: number;
  readonly #burst: number;
  readonly #failures = new Map<K, number>();
  /** When the bucket would be full again if nothing more was taken, on the monotonic clock. */
  #fullAt = Number.NEGATIVE_INFINITY;

  /** Starts with a full bucket and no failures. */
  constructor(options: RateLimiterOptions) {
    const { clock, initialMs = 5, maxMs = 300_000, perSecond = 10, burst = 100 } = options;
    this.#clock = clock;
    this.#initialMs = initialMs;
    this.#maxMs = maxMs;
    this.#msPerToken = 1000 / perSecond;
    this.#burst = burst;
  }

  /** Counts one more failure of `key`; returns how long it must wait, in ms. */
  when(key: K): number {
    const failures = this.failures(key);
    this.#failures.set(key, failures + 1);
    const own = Math.min(this.#maxMs, this.#initialMs * 2 ** failures);
    return Math.max(own, this.#takeToken());
  }

  /** How often `key` failed since it was last forgotten. */
  failures(key: K): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Starts `key` over: it succeeded, or there is no point in trying again. */
  forget(key: K): void {
    this.#failures.delete(key);
  }

  /** Takes a token now or in the future; returns the time until then, in ms. */
  #takeToken(): number {
    const now = this.#clock.monotonic();
    this.#fullAt = Math.max(now, this.#fullAt) + this.#msPerToken;
    return Math.max(0, this.#fullAt - now - this.#burst * this.#msPerToken);
  }
}
