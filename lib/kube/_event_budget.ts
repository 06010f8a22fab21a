/** Limits how many writes of Events an object may cause. */

import { LruMap } from "./_lru.ts";

/** Writes an object may cause at once (client-go, `tools/record/events_cache.go`). */
const BURST = 25;

/** Time in which one more is allowed, in ms (same source). */
const REFILL_MS = 300_000;

/** How many objects are remembered (same source). */
const MAX_OBJECTS = 4096;

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** A token bucket for each object. */
export class EventBudget {
  readonly #buckets = new LruMap<string, Bucket>(MAX_OBJECTS);

  /** Takes one token of an object; false if it has none left. */
  take(object: string, nowMs: number): boolean {
    const { tokens, atMs } = this.#buckets.get(object) ?? { tokens: BURST, atMs: nowMs };
    const filled = Math.min(BURST, tokens + (nowMs - atMs) / REFILL_MS);
    const allowed = filled >= 1;
    this.#buckets.set(object, { tokens: allowed ? filled - 1 : filled, atMs: nowMs });
    return allowed;
  }
}
