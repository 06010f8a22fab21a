/** What happens in queues, under client-go's names (`util/workqueue`) with controller-runtime's labels. */

import { Counter, Gauge, Histogram } from "prom-client";
import type { QueueObserver } from "../reconcile/mod.ts";
import type { Clock } from "../time/mod.ts";
import type { MetricsRegistry } from "./registry.ts";

/** Upper bounds of the durations, in s: from 10 ns, each ten times the one before (controller-runtime, `pkg/metrics/workqueue.go`). */
const DURATIONS = Array.from({ length: 12 }, (_, exponent) => Number(`1e${exponent - 8}`));

/** The labels of a queue: its name is that of its controller. */
type QueueLabels = "name" | "controller";

/** Where the keys of one queue are, and since when, on the monotonic clock. */
interface Keys {
  readonly waiting: Map<string, number>;
  readonly inWork: Map<string, number>;
}

/** Metrics of all queues. What is going on is measured when somebody looks. */
export class QueueMetrics {
  readonly #clock: Clock;
  readonly #keys = new Map<string, Keys>();
  readonly #adds: Counter<QueueLabels>;
  readonly #retries: Counter<QueueLabels>;
  readonly #waited: Histogram<QueueLabels>;
  readonly #worked: Histogram<QueueLabels>;

  /** Adds the metrics to a registry; they have no values before {@linkcode QueueMetrics.observe}. */
  constructor(registry: MetricsRegistry, clock: Clock) {
    this.#clock = clock;
    const registers = [registry];
    const labelNames = ["name", "controller"] as const;
    this.#adds = new Counter({
      name: "workqueue_adds_total",
      help: "Keys that were added",
      labelNames,
      registers,
    });
    this.#retries = new Counter({
      name: "workqueue_retries_total",
      help: "Keys that were to be added later: after a failure, or for a poll",
      labelNames,
      registers,
    });
    this.#waited = new Histogram({
      name: "workqueue_queue_duration_seconds",
      help: "How long keys wait for a worker, from when they were first added",
      labelNames,
      buckets: DURATIONS,
      registers,
    });
    this.#worked = new Histogram({
      name: "workqueue_work_duration_seconds",
      help: "How long keys are in work",
      labelNames,
      buckets: DURATIONS,
      registers,
    });
    const look = (at: (name: string, keys: Keys, now: number) => void): void => {
      const now = this.#clock.monotonic();
      for (const [name, keys] of this.#keys) at(name, keys, now);
    };
    new Gauge({
      name: "workqueue_depth",
      help: "How many keys need work that no worker has begun",
      labelNames: ["name", "controller", "priority"],
      registers,
      collect() {
        // There are no priorities here; controller-runtime's label stays empty without them.
        look((name, { waiting }) => this.labels(name, name, "").set(waiting.size));
      },
    });
    new Gauge({
      name: "workqueue_unfinished_work_seconds",
      help: "How long all keys that are in work have been so, together",
      labelNames,
      registers,
      collect() {
        look((name, { inWork }, now) => {
          this.labels(name, name).set(sum(inWork.values(), (since) => (now - since) / 1000));
        });
      },
    });
    new Gauge({
      name: "workqueue_longest_running_processor_seconds",
      help: "How long the key that has been in work longest has been so",
      labelNames,
      registers,
      collect() {
        look((name, { inWork }, now) => {
          this.labels(name, name).set((now - Math.min(now, ...inWork.values())) / 1000);
        });
      },
    });
  }

  /** Counts for the queue of that controller; all starts from zero. */
  observe(controller: string): QueueObserver<string> {
    const labels = { name: controller, controller };
    const keys: Keys = { waiting: new Map(), inWork: new Map() };
    this.#keys.set(controller, keys);
    const adds = this.#adds.labels(labels);
    const retries = this.#retries.labels(labels);
    const waited = this.#waited.labels(labels);
    const worked = this.#worked.labels(labels);
    adds.inc(0);
    retries.inc(0);
    this.#waited.zero(labels);
    this.#worked.zero(labels);
    const now = (): number => this.#clock.monotonic();
    const move = (
      key: string,
      from: Map<string, number>,
      took: Histogram.Internal<QueueLabels>,
    ): void => {
      const since = from.get(key);
      from.delete(key);
      if (since !== undefined) took.observe((now() - since) / 1000);
    };
    return {
      added: (key) => {
        adds.inc();
        keys.waiting.set(key, now());
      },
      taken: (key) => {
        move(key, keys.waiting, waited);
        keys.inWork.set(key, now());
      },
      done: (key) => move(key, keys.inWork, worked),
      delayed: () => retries.inc(),
    };
  }
}

function sum(values: Iterable<number>, of: (value: number) => number): number {
  let total = 0;
  for (const value of values) total += of(value);
  return total;
}
