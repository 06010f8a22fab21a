/** Workers that take keys from a queue and hand them to a reconciler. */

import { getLogger, withContext } from "@logtape/logtape";
import { type Clock, deadline, isAbort, onAbort, systemClock } from "../time/mod.ts";
import { ToldFailures } from "./_told.ts";
import { DelayingQueue } from "./delaying_queue.ts";
import type { Runnable } from "./manager.ts";
import type { ControllerObserver, ReconcileOutcome } from "./observer.ts";
import { RateLimiter } from "./rate_limiter.ts";
import { type Reconcile, type Result, TerminalError } from "./result.ts";
import { WorkQueue } from "./work_queue.ts";

const log = getLogger(["bitcoin-controller", "reconcile"]);

/** What only a mistake in the program throws: where Go would panic. */
const MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError] as const;

/** Something that must have seen the world before work on it makes sense: an informer. */
export interface Source {
  /** Resolves once it has. */
  synced(signal?: AbortSignal): Promise<void>;
}

/** What a {@linkcode Controller} is made of. */
export interface ControllerOptions<K> {
  /** Name of the controller, in logs. */
  readonly name: string;
  /** Does the work for one key. */
  readonly reconcile: Reconcile<K>;
  /**
   * How many keys are worked on at once.
   *
   * @default {5}
   */
  readonly workers?: number;
  /** What must have synced before the workers start. */
  readonly sources?: readonly Source[];
  /**
   * A run that takes longer than this, in ms, has its signal aborted.
   *
   * @default {60_000}
   */
  readonly timeoutMs?: number;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /** How long failed keys wait; a limiter with its defaults if absent. */
  readonly rateLimiter?: RateLimiter<K>;
  /** Hears of keys and runs. */
  readonly observer?: ControllerObserver<K>;
}

/**
 * Runs a reconciler for every key that is enqueued, never twice at once for the same key.
 *
 * A run that throws comes back after the rate limiter's delay, unless it throws a {@linkcode TerminalError}; each of its
 * errors is logged loudly once until it succeeds;
 * one that asks for `requeueAfterMs` comes back then. Anything that is enqueued meanwhile is run at once.
 */
export class Controller<K> implements Runnable {
  /** Name of the controller, in logs. */
  readonly name: string;
  readonly #reconcile: Reconcile<K>;
  readonly #workers: number;
  readonly #sources: readonly Source[];
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #limiter: RateLimiter<K>;
  readonly #observer: ControllerObserver<K> | undefined;
  readonly #queue: WorkQueue<K>;
  readonly #later: DelayingQueue<K>;
  readonly #told = new ToldFailures<K>();

  /** Keeps its parts; {@linkcode Controller.run} starts it. Keys may be enqueued before. */
  constructor(options: ControllerOptions<K>) {
    const { clock = systemClock, observer } = options;
    this.name = options.name;
    this.#reconcile = options.reconcile;
    this.#workers = options.workers ?? 5;
    this.#sources = options.sources ?? [];
    this.#timeoutMs = options.timeoutMs ?? 60_000;
    this.#clock = clock;
    this.#limiter = options.rateLimiter ?? new RateLimiter({ clock });
    this.#observer = observer;
    this.#queue = new WorkQueue(observer);
    this.#later = new DelayingQueue(this.#queue, clock, observer);
  }

  /** Asks for a run of `key` as soon as a worker is free. */
  enqueue(key: K): void {
    this.#queue.add(key);
  }

  /** Asks for a run of `key` after `delayMs` milliseconds. */
  enqueueAfter(key: K, delayMs: number): void {
    this.#later.addAfter(key, delayMs);
  }

  /** Resolves once no key waits and no run is in progress; keys that are due later do not count. For tests. */
  idle(signal?: AbortSignal): Promise<void> {
    return this.#queue.idle(signal);
  }

  /**
   * Waits for the sources, then works until the signal is aborted. Returns when the runs in progress, whose own
   * signal is aborted too, are over. Runs once.
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await Promise.all(this.#sources.map((source) => source.synced(signal)));
    } catch (error) {
      if (isAbort(error, signal)) return;
      throw error;
    }
    using _ = onAbort(signal, () => this.#queue.shutDown());
    const workers = Array.from({ length: this.#workers }, () => this.#work(signal));
    await Promise.all([this.#later.run(signal), ...workers]);
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (let key = await this.#queue.get(); key !== undefined; key = await this.#queue.get()) {
      try {
        // After a stop the rest of the queue is dropped: the next start looks at everything anyway.
        if (!signal.aborted) await this.#runOnce(key, signal);
      } finally {
        this.#queue.done(key);
      }
    }
  }

  /** One run, with an ID in every line that is logged in it, here or elsewhere. Never throws. */
  async #runOnce(key: K, signal: AbortSignal): Promise<void> {
    const context = { controller: this.name, key, reconcileId: crypto.randomUUID() };
    await withContext(context, async () => {
      const start = this.#clock.monotonic();
      const tookMs = (): number => this.#clock.monotonic() - start;
      log.debug("Reconciling");
      this.#observer?.started();
      using limit = deadline(this.#timeoutMs, signal, this.#clock);
      let outcome: ReconcileOutcome;
      let isMistake = false;
      try {
        const result = await this.#reconcile(key, limit.signal);
        outcome = this.#afterSuccess(key, result);
        log.debug("Reconciled", { ...result, tookMs: tookMs() });
      } catch (error) {
        outcome = this.#afterFailure(key, error, signal);
        isMistake = outcome !== "interrupted" && MISTAKES.some((type) => error instanceof type);
      }
      const isTimeout = limit.signal.aborted && !signal.aborted;
      this.#observer?.ended({ outcome, tookMs: tookMs(), isTimeout, isMistake });
    });
  }

  #afterSuccess(key: K, { requeueAfterMs }: Result): ReconcileOutcome {
    if (requeueAfterMs !== undefined) this.#later.addAfter(key, requeueAfterMs);
    this.#forget(key);
    if (requeueAfterMs === undefined) return "success";
    return requeueAfterMs > 0 ? "requeue after" : "requeue";
  }

  #afterFailure(key: K, error: unknown, signal: AbortSignal): ReconcileOutcome {
    if (signal.aborted) {
      log.debug("Reconciling was interrupted by the stop", { error });
      return "interrupted";
    }
    if (error instanceof TerminalError) {
      this.#forget(key);
      log.error("Reconciling failed, no retry until something changes", { error });
      return "terminal error";
    }
    const retryAfterMs = this.#limiter.when(key);
    this.#later.addAfter(key, retryAfterMs);
    const level = this.#told.isNews(key, error) ? "warn" : "debug";
    log[level]("Reconciling failed, will retry", { error, retryAfterMs });
    return "error";
  }

  #forget(key: K): void {
    this.#limiter.forget(key);
    this.#told.forget(key);
  }
}
