/** Writes Kubernetes Events about objects, without ever holding up or failing the work they tell of. */

import { getLogger } from "@logtape/logtape";

import { abortable, type Clock, isAbort, systemClock } from "../time/mod.ts";
import { EventBudget } from "./_event_budget.ts";
import { type Series, SeriesCache } from "./_event_series.ts";
import { EventWriter } from "./_event_writer.ts";
import type { KubeClient } from "./client.ts";
import { type KubeObject, objectKey } from "./object.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

/** Events that may wait to be written (client-go, `tools/record/event.go`). */
const MAX_QUEUED = 1000;

/** What happened. */
export interface EventDescription {
  /** Whether a person should look. */
  readonly type: "Normal" | "Warning";
  /** Why, for machines: UpperCamelCase, at most 128 characters. */
  readonly reason: string;
  /** What was done: UpperCamelCase, at most 128 characters. */
  readonly action: string;
  /** What happened, for people; cut at 1 kB. */
  readonly note: string;
  /** A second object that has a part in it. */
  readonly related?: KubeObject | undefined;
}

/** What an {@linkcode EventRecorder} is made of. */
export interface EventRecorderOptions {
  /** Writes the events. */
  readonly client: KubeClient;
  /** Name of the controller that reports, such as `bitcoin-controller`. */
  readonly component: string;
  /** Name of this instance of it, such as the pod's name. */
  readonly instance: string;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * Random number from 0 up to 1, for jitter.
   *
   * @default {Math.random}
   */
  readonly random?: () => number;
}

/**
 * Records events of `events.k8s.io/v1`.
 *
 * - An event that repeats within six minutes (same objects, type, reason and action; the note may differ) raises the
 *   count of the Event that is there.
 * - An object may cause 25 writes for one reason at once and one more every five minutes, so that what happens all the
 *   time hides nothing else. What is beyond that is counted, and told with the next write of its series.
 * - A write that the server refuses is given up; one without an answer is tried for two minutes.
 *
 * Needs the rights to `create` and `patch` `events` of the group `events.k8s.io`.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #clock: Clock;
  readonly #series = new SeriesCache();
  readonly #budget = new EventBudget();
  /** Series that have something to be written, each once. */
  readonly #queue = new Set<Series>();
  #isWriting = false;
  /** Whether some were dropped since the queue was last empty. */
  #isDropping = false;
  #hasMore = Promise.withResolvers<void>();
  /** Present while somebody waits for it. */
  #idle: PromiseWithResolvers<void> | undefined;

  /** Keeps its arguments; nothing is written before {@linkcode EventRecorder.run}. */
  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Takes note of an event and returns at once. It never throws; what cannot be noted is logged. */
  event(regarding: KubeObject, description: EventDescription): void {
    const { reason } = description;
    try {
      const series = this.#series.note(regarding, description, this.#clock.now());
      if (this.#queue.has(series)) return;
      const object = `${regarding.kind}/${objectKey(regarding)}/${regarding.metadata?.uid}`;
      if (this.#queue.size >= MAX_QUEUED) {
        // Thousands are dropped at once; one line tells enough.
        const level = this.#isDropping ? "debug" : "warn";
        log[level]("Dropping an event, too many are waiting", {
          limit: MAX_QUEUED,
          object,
          reason,
        });
        this.#isDropping = true;
      } else if (!this.#budget.take(`${object} ${reason}`, this.#clock.monotonic())) {
        log.debug("Not writing an event, its object has had too many of them", { object, reason });
      } else {
        this.#queue.add(series);
        this.#hasMore.resolve();
      }
    } catch (error) {
      log.error("Cannot note an event", { error, reason });
    }
  }

  /** Writes the events until the signal is aborted; what is not written by then is lost. */
  async run(signal: AbortSignal): Promise<void> {
    const writer = new EventWriter({ ...this.#options, clock: this.#clock, names: this.#series });
    try {
      for (;;) {
        const [next] = this.#queue;
        if (next) {
          this.#queue.delete(next);
          this.#isWriting = true;
          await writer.write(next, signal);
          this.#isWriting = false;
        } else {
          this.#isDropping = false;
          this.#idle?.resolve();
          this.#idle = undefined;
          this.#hasMore = Promise.withResolvers();
          await abortable(this.#hasMore.promise, signal);
        }
      }
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    } finally {
      this.#isWriting = false;
    }
  }

  /**
   * Resolves when nothing is left to be written, which needs {@linkcode EventRecorder.run} to be under way; rejects
   * with the signal's reason.
   */
  async flush(signal?: AbortSignal): Promise<void> {
    if (this.#queue.size === 0 && !this.#isWriting) return;
    this.#idle ??= Promise.withResolvers();
    await abortable(this.#idle.promise, signal);
  }
}
