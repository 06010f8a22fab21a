/** The queue between what happens and who works on it. */

import { Fifo } from "./_fifo.ts";
import type { QueueObserver } from "./observer.ts";

/**
 * A queue of keys with three guarantees:
 *
 * - **Fair**: keys come out in the order in which they went in.
 * - **Stingy**: a key that is added many times before it is taken comes out once, and a key that is added
 *   while it is processed comes out once more after {@linkcode WorkQueue.done}.
 * - **Exclusive**: a key is never handed to two workers at once.
 *
 * Every key that was taken must be given back by `done`. The mechanism is that of client-go's
 * `util/workqueue`: a key waits if and only if it is dirty and not being processed.
 */
export class WorkQueue<K> {
  readonly #observer: QueueObserver<K> | undefined;
  /** Keys that need work. */
  readonly #dirty = new Set<K>();
  /** Keys that a worker has. */
  readonly #processing = new Set<K>();
  /** Keys to hand out, in order. */
  readonly #waiting = new Fifo<K>();
  readonly #takers: ((key: K | undefined) => void)[] = [];
  #idlers: (() => void)[] = [];
  #shutDown = false;
  /** Aborted to stop waiting for the queue to drain. */
  #drain = new AbortController();

  /** Starts empty; `observer` hears of every key. */
  constructor(observer?: QueueObserver<K>) {
    this.#observer = observer;
  }

  /** How many keys wait for a worker. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Asks for work on `key`; ignored once the queue is shut down. */
  add(key: K): void {
    if (this.#shutDown || this.#dirty.has(key)) return;
    this.#dirty.add(key);
    this.#observer?.added(key);
    if (!this.#processing.has(key)) this.#offer(key);
  }

  /** The next key, as soon as there is one; `undefined` when the queue is shut down and nothing waits. */
  get(): Promise<K | undefined> {
    const key = this.#waiting.shift();
    if (key !== undefined) {
      this.#take(key);
      return Promise.resolve(key);
    }
    if (this.#shutDown) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Gives back a key from {@linkcode WorkQueue.get}; it waits again if it was added meanwhile. */
  done(key: K): void {
    this.#processing.delete(key);
    this.#observer?.done(key);
    if (this.#dirty.has(key)) this.#offer(key);
    else this.#wakeIdlers();
  }

  /** Takes no more keys. What waits is still handed out; then takers get `undefined`. */
  shutDown(): void {
    this.#shutDown = true;
    // Takers wait only while no key does.
    for (const take of this.#takers.splice(0)) take(undefined);
    this.#drain.abort();
  }

  /**
   * Like {@linkcode WorkQueue.shutDown}, and resolves once all keys have been handed out and given back. A later
   * `shutDown` ends the wait.
   */
  async shutDownWithDrain(): Promise<void> {
    this.shutDown();
    this.#drain = new AbortController();
    await this.idle(this.#drain.signal).catch(() => {});
  }

  /** Resolves once no key waits and none is being processed. Keys that are due later do not count. */
  idle(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const settled = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const onAbort = (): void => {
        this.#idlers = this.#idlers.filter((idler) => idler !== settled);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#idlers.push(settled);
      this.#wakeIdlers();
    });
  }

  #offer(key: K): void {
    const taker = this.#takers.shift();
    if (!taker) return this.#waiting.push(key);
    this.#take(key);
    taker(key);
  }

  #take(key: K): void {
    this.#processing.add(key);
    this.#dirty.delete(key);
    this.#observer?.taken(key);
  }

  #wakeIdlers(): void {
    if (this.#waiting.length > 0 || this.#processing.size > 0) return;
    const idlers = this.#idlers;
    this.#idlers = [];
    for (const wake of idlers) wake();
  }
}
