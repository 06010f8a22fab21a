/** What controllers do, under controller-runtime's names (`pkg/internal/controller/metrics`), so that its dashboards work. */

import { Counter, Gauge, Histogram } from "prom-client";
import type { ControllerObserver, ReconcileEnd, ReconcileOutcome } from "../reconcile/mod.ts";
import type { Clock } from "../time/mod.ts";
import { QueueMetrics } from "./queue_metrics.ts";
import type { MetricsRegistry } from "./registry.ts";

/** Upper bounds of the durations, in s (same source). */
const DURATIONS = [
  ...[0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8],
  ...[0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50],
  60,
];

/** Values of the label `result`. */
const RESULTS = ["success", "error", "requeue", "requeue_after"] as const;

/** A run that the stop interrupted has no result. */
const RESULT_OF: Readonly<Record<ReconcileOutcome, (typeof RESULTS)[number] | undefined>> = {
  success: "success",
  requeue: "requeue",
  "requeue after": "requeue_after",
  error: "error",
  "terminal error": "error",
  interrupted: undefined,
};

/** Metrics of all controllers and their queues. */
export class ControllerMetrics {
  readonly #queues: QueueMetrics;
  readonly #total: Counter<"controller" | "result">;
  readonly #errors: Counter<"controller">;
  readonly #terminalErrors: Counter<"controller">;
  readonly #panics: Counter<"controller">;
  readonly #timeouts: Counter<"controller">;
  readonly #time: Histogram<"controller">;
  readonly #maxWorkers: Gauge<"controller">;
  readonly #activeWorkers: Gauge<"controller">;

  /** Adds the metrics to a registry; they have no values before {@linkcode ControllerMetrics.observe}. */
  constructor(registry: MetricsRegistry, clock: Clock) {
    const registers = [registry];
    const labelNames = ["controller"] as const;
    this.#queues = new QueueMetrics(registry, clock);
    this.#total = new Counter({
      name: "controller_runtime_reconcile_total",
      help: "Runs of the reconciler, by how they ended",
      labelNames: ["controller", "result"],
      registers,
    });
    this.#errors = new Counter({
      name: "controller_runtime_reconcile_errors_total",
      help: "Runs of the reconciler that failed",
      labelNames,
      registers,
    });
    this.#terminalErrors = new Counter({
      name: "controller_runtime_terminal_reconcile_errors_total",
      help: "Runs of the reconciler that failed and are not repeated",
      labelNames,
      registers,
    });
    this.#panics = new Counter({
      name: "controller_runtime_reconcile_panics_total",
      help: "Runs of the reconciler that failed by a mistake in the program",
      labelNames,
      registers,
    });
    this.#timeouts = new Counter({
      name: "controller_runtime_reconcile_timeouts_total",
      help: "Runs of the reconciler that took longer than they may",
      labelNames,
      registers,
    });
    this.#time = new Histogram({
      name: "controller_runtime_reconcile_time_seconds",
      help: "How long runs of the reconciler take",
      labelNames,
      buckets: DURATIONS,
      registers,
    });
    this.#maxWorkers = new Gauge({
      name: "controller_runtime_max_concurrent_reconciles",
      help: "How many runs of the reconciler there may be at once",
      labelNames,
      registers,
    });
    this.#activeWorkers = new Gauge({
      name: "controller_runtime_active_workers",
      help: "How many runs of the reconciler there are now",
      labelNames,
      registers,
    });
  }

  /** Counts for the controller of that name, which has so many workers; all starts from zero. */
  observe(controller: string, workers: number): ControllerObserver<string> {
    const total = new Map(
      RESULTS.map((result) => [result, this.#total.labels(controller, result)]),
    );
    const errors = this.#errors.labels(controller);
    const terminalErrors = this.#terminalErrors.labels(controller);
    const panics = this.#panics.labels(controller);
    const timeouts = this.#timeouts.labels(controller);
    const active = this.#activeWorkers.labels(controller);
    const time = this.#time.labels(controller);
    for (const counter of [...total.values(), errors, terminalErrors, panics, timeouts]) {
      counter.inc(0);
    }
    this.#time.zero({ controller });
    this.#maxWorkers.labels(controller).set(workers);
    active.set(0);
    const ended = ({ outcome, tookMs, isTimeout, isMistake }: ReconcileEnd): void => {
      active.dec();
      time.observe(tookMs / 1000);
      const result = RESULT_OF[outcome];
      if (result) total.get(result)?.inc();
      if (result === "error") errors.inc();
      if (outcome === "terminal error") terminalErrors.inc();
      if (isMistake) panics.inc();
      if (isTimeout) timeouts.inc();
    };
    return { ...this.#queues.observe(controller), started: () => active.inc(), ended };
  }
}
