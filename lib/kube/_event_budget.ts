/** Limits how many writes of Events an object may cause for one reason. */

import { LruMap } from "./_lru.ts";

/** Writes at once (client-go, `tools/record/events_cache.go`). */
const BURST = 25;

/** Time in which one more is allowed, in ms (same source). */
const REFILL_MS = 300_000;

/** How many objects and reasons are remembered (same source). */
const MAX_BUCKETS = 4096;

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** A token bucket for each object and reason. */
export class EventBudget {
  readonly #buckets = new LruMap<string, Bucket>(MAX_BUCKETS);

  /** Takes one token of a bucket; false if it has none left. */
  take(bucket: string, nowMs: number): boolean {
    const { tokens, atMs } = this.#buckets.get(bucket) ?? { tokens: BURST, atMs: nowMs };
    const filled = Math.min(BURST, tokens + (nowMs - atMs) / REFILL_MS);
    const allowed = filled >= 1;
    this.#buckets.set(bucket, { tokens: allowed ? filled - 1 : filled, atMs: nowMs });
    return allowed;
  }
}
