/** Adds keys to a queue later. */

import TinyQueue from "tinyqueue";
import type { Clock } from "../time/mod.ts";
import type { QueueObserver } from "./observer.ts";
import type { WorkQueue } from "./work_queue.ts";

interface Held<K> {
  readonly key: K;
  readonly dueAt: number;
}

/**
 * Holds keys back until they are due. A key is held once: the earliest of its times counts. What is still held
 * when the queue stops is dropped: the next start looks at everything anyway.
 */
export class DelayingQueue<K> {
  readonly #queue: WorkQueue<K>;
  readonly #clock: Clock;
  readonly #observer: QueueObserver<K> | undefined;
  readonly #dueAt = new Map<K, number>();
  /** Ordered by time. An entry whose time is not the key's in `#dueAt` any more is skipped. */
  readonly #heap = new TinyQueue<Held<K>>([], (a, b) => a.dueAt - b.dueAt);
  #sleep = new AbortController();

  /** Feeds `queue`. Keys are released while {@linkcode DelayingQueue.run} runs; `observer` hears of every delay. */
  constructor(queue: WorkQueue<K>, clock: Clock, observer?: QueueObserver<K>) {
    this.#queue = queue;
    this.#clock = clock;
    this.#observer = observer;
  }

  /**
   * Adds `key` after `delayMs` milliseconds, at once if that is zero or less.
   *
   * @throws {RangeError} if `delayMs` is not a number
   */
  addAfter(key: K, delayMs: number): void {
    if (Number.isNaN(delayMs)) throw new RangeError(`Cannot add '${key}': its delay is NaN`);
    if (delayMs <= 0) return this.#queue.add(key);
    this.#observer?.delayed(key);
    const dueAt = this.#clock.monotonic() + delayMs;
    const before = this.#dueAt.get(key);
    if (before !== undefined && before <= dueAt) return;
    const next = this.#heap.peek()?.dueAt ?? Number.POSITIVE_INFINITY;
    this.#dueAt.set(key, dueAt);
    this.#heap.push({ key, dueAt });
    if (dueAt < next) this.#sleep.abort();
  }

  /** Releases keys as they become due, until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const wake = (): void => this.#sleep.abort();
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) {
        this.#sleep = new AbortController();
        const delayMs = this.#release();
        // Rejects only when it is woken: there is an earlier key, or the end.
        await this.#clock.sleep(delayMs, this.#sleep.signal).catch(() => {});
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  /** Adds what is due; returns the time until the next key is, in ms. */
  #release(): number {
    const now = this.#clock.monotonic();
    for (let head = this.#heap.peek(); head; head = this.#heap.peek()) {
      if (head.dueAt > now) return head.dueAt - now;
      this.#heap.pop();
      if (this.#dueAt.get(head.key) !== head.dueAt) continue;
      this.#dueAt.delete(head.key);
      this.#queue.add(head.key);
    }
    return Number.POSITIVE_INFINITY;
  }
}
