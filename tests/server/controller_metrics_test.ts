/** The metrics of a controller and its queue, in virtual time. */

import assert from "node:assert/strict";
import { Controller, type Result, TerminalError } from "../../lib/reconcile/mod.ts";
import { ControllerMetrics, MetricsRegistry } from "../../lib/server/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { countsOf, samplesOf } from "./_samples.ts";

/** A controller whose runs take the time, and end as, their key says. */
class Rig implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly registry = new MetricsRegistry();
  readonly controller: Controller<string>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(end: (key: string) => Result | Error, workers = 2) {
    const metrics = new ControllerMetrics(this.registry, this.clock);
    this.controller = new Controller({
      name: "net",
      workers,
      timeoutMs: 10_000,
      clock: this.clock,
      observer: metrics.observe("net", workers),
      reconcile: async (key, signal) => {
        await this.clock.sleep(Number(/\d+/.exec(key)?.[0]), signal);
        const result = end(key);
        if (result instanceof Error) throw result;
        return result;
      },
    });
    this.#running = this.controller.run(this.#stop.signal);
  }

  /** What is not zero, without the label of the controller and what never changes. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const { controller_runtime_max_concurrent_reconciles: _, ...counts } = Object.fromEntries(
      Object.entries(await countsOf(this.registry)).map(([sample, value]) => [
        sample.replace(/(name="net",)?controller="net",?/, "").replace("{}", ""),
        value,
      ]),
    );
    return counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The test is over"));
    await this.clock.advance(0);
    await this.#running;
  }
}

Deno.test("ControllerMetrics has every series from the start, at zero", async () => {
  const registry = new MetricsRegistry();
  new ControllerMetrics(registry, new FakeClock()).observe("net", 5);
  assert.deepEqual(samplesOf(await registry.metrics()), {
    'workqueue_adds_total{name="net",controller="net"}': 0,
    'workqueue_retries_total{name="net",controller="net"}': 0,
    'workqueue_queue_duration_seconds_sum{name="net",controller="net"}': 0,
    'workqueue_queue_duration_seconds_count{name="net",controller="net"}': 0,
    'workqueue_work_duration_seconds_sum{name="net",controller="net"}': 0,
    'workqueue_work_duration_seconds_count{name="net",controller="net"}': 0,
    'workqueue_depth{name="net",controller="net",priority=""}': 0,
    'workqueue_unfinished_work_seconds{name="net",controller="net"}': 0,
    'workqueue_longest_running_processor_seconds{name="net",controller="net"}': 0,
    'controller_runtime_reconcile_total{controller="net",result="success"}': 0,
    'controller_runtime_reconcile_total{controller="net",result="error"}': 0,
    'controller_runtime_reconcile_total{controller="net",result="requeue"}': 0,
    'controller_runtime_reconcile_total{controller="net",result="requeue_after"}': 0,
    'controller_runtime_reconcile_errors_total{controller="net"}': 0,
    'controller_runtime_terminal_reconcile_errors_total{controller="net"}': 0,
    'controller_runtime_reconcile_panics_total{controller="net"}': 0,
    'controller_runtime_reconcile_timeouts_total{controller="net"}': 0,
    'controller_runtime_reconcile_time_seconds_sum{controller="net"}': 0,
    'controller_runtime_reconcile_time_seconds_count{controller="net"}': 0,
    'controller_runtime_max_concurrent_reconciles{controller="net"}': 5,
    'controller_runtime_active_workers{controller="net"}': 0,
  });
});

Deno.test("ControllerMetrics has the buckets of controller-runtime and client-go", async () => {
  const registry = new MetricsRegistry();
  new ControllerMetrics(registry, new FakeClock()).observe("net", 5);
  const text = await registry.metrics();
  const bounds = (name: string): string[] =>
    Array.from(
      text.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"`, "gm")),
      ([, le = ""]) => le,
    );
  assert.deepEqual(bounds("workqueue_queue_duration_seconds"), [
    ...["1e-8", "1e-7", "0.000001", "0.00001", "0.0001", "0.001", "0.01", "0.1", "1", "10", "100"],
    ...["1000", "+Inf"],
  ]);
  const times = bounds("controller_runtime_reconcile_time_seconds");
  assert.equal(times.length, 41);
  assert.deepEqual([times[0], times[20], times[39], times[40]], ["0.005", "1.75", "60", "+Inf"]);
});

Deno.test("a key that waits and is worked on moves depth, durations and active workers", async () => {
  await using rig = new Rig(() => ({}), 1);
  rig.controller.enqueue("takes 2000");
  rig.controller.enqueue("takes 2000");
  rig.controller.enqueue("takes 500");
  await rig.clock.advance(1500);
  // The same key once more: it waits behind itself.
  rig.controller.enqueue("takes 2000");
  assert.deepEqual(await rig.counts(), {
    workqueue_adds_total: 3,
    'workqueue_depth{priority=""}': 2,
    workqueue_queue_duration_seconds_count: 1,
    workqueue_unfinished_work_seconds: 1.5,
    workqueue_longest_running_processor_seconds: 1.5,
    controller_runtime_active_workers: 1,
  });
  await rig.clock.advance(500 + 500 + 2000);
  assert.deepEqual(await rig.counts(), {
    workqueue_adds_total: 3,
    workqueue_queue_duration_seconds_count: 3,
    // 0, then 2 s behind the first, then 0.5 s of it and the 0.5 s of the second.
    workqueue_queue_duration_seconds_sum: 3,
    workqueue_work_duration_seconds_count: 3,
    workqueue_work_duration_seconds_sum: 4.5,
    'controller_runtime_reconcile_total{result="success"}': 3,
    controller_runtime_reconcile_time_seconds_count: 3,
    controller_runtime_reconcile_time_seconds_sum: 4.5,
  });
});

Deno.test("the time in work counts every key that is in work, and the longest", async () => {
  await using rig = new Rig(() => ({}), 2);
  rig.controller.enqueue("takes 8000");
  await rig.clock.advance(1000);
  rig.controller.enqueue("takes 9000");
  await rig.clock.advance(3000);
  const counts = await rig.counts();
  assert.equal(counts["workqueue_unfinished_work_seconds"], 7);
  assert.equal(counts["workqueue_longest_running_processor_seconds"], 4);
  assert.equal(counts["controller_runtime_active_workers"], 2);
});

const ENDINGS: readonly (readonly [
  how: string,
  end: Result | Error,
  counts: Readonly<Record<string, number>>,
])[] = [
  ["is done", {}, { 'controller_runtime_reconcile_total{result="success"}': 1 }],
  ["asks for another run later", { requeueAfterMs: 60_000 }, {
    'controller_runtime_reconcile_total{result="requeue_after"}': 1,
    workqueue_retries_total: 1,
  }],
  ["fails", new Error("no"), {
    'controller_runtime_reconcile_total{result="error"}': 1,
    controller_runtime_reconcile_errors_total: 1,
    workqueue_retries_total: 1,
  }],
  ["fails for good", new TerminalError("no"), {
    'controller_runtime_reconcile_total{result="error"}': 1,
    controller_runtime_reconcile_errors_total: 1,
    controller_runtime_terminal_reconcile_errors_total: 1,
  }],
  ["has a mistake in it", new TypeError("no"), {
    'controller_runtime_reconcile_total{result="error"}': 1,
    controller_runtime_reconcile_errors_total: 1,
    controller_runtime_reconcile_panics_total: 1,
    workqueue_retries_total: 1,
  }],
];

for (const [how, end, counts] of ENDINGS) {
  Deno.test(`a run that ${how} is counted as such`, async () => {
    await using rig = new Rig(() => end);
    rig.controller.enqueue("takes 0");
    await rig.clock.advance(0);
    assert.deepEqual(await rig.counts(), {
      workqueue_adds_total: 1,
      workqueue_queue_duration_seconds_count: 1,
      workqueue_work_duration_seconds_count: 1,
      controller_runtime_reconcile_time_seconds_count: 1,
      ...counts,
    });
  });
}

Deno.test("a run that asks to run again at once is counted as a requeue and comes at once", async () => {
  let runs = 0;
  await using rig = new Rig(() => runs++ === 0 ? { requeueAfterMs: 0 } : {});
  rig.controller.enqueue("takes 0");
  await rig.clock.advance(0);
  const counts = await rig.counts();
  assert.equal(counts['controller_runtime_reconcile_total{result="requeue"}'], 1);
  assert.equal(counts['controller_runtime_reconcile_total{result="success"}'], 1);
  assert.equal(counts["workqueue_adds_total"], 2);
  assert.equal(counts["workqueue_retries_total"], undefined);
});

Deno.test("a run that takes too long is counted as a timeout and an error", async () => {
  await using rig = new Rig(() => ({}));
  rig.controller.enqueue("takes 11000");
  await rig.clock.advance(10_000);
  const counts = await rig.counts();
  assert.equal(counts["controller_runtime_reconcile_timeouts_total"], 1);
  assert.equal(counts["controller_runtime_reconcile_errors_total"], 1);
  assert.equal(counts["controller_runtime_reconcile_panics_total"], undefined);
});

Deno.test("a run that the stop interrupts is no failure, and no worker stays active", async () => {
  const rig = new Rig(() => ({}));
  rig.controller.enqueue("takes 5000");
  await rig.clock.advance(1000);
  await rig[Symbol.asyncDispose]();
  assert.deepEqual(await rig.counts(), {
    workqueue_adds_total: 1,
    workqueue_queue_duration_seconds_count: 1,
    workqueue_work_duration_seconds_count: 1,
    workqueue_work_duration_seconds_sum: 1,
    controller_runtime_reconcile_time_seconds_count: 1,
    controller_runtime_reconcile_time_seconds_sum: 1,
  });
});

Deno.test("ControllerMetrics keeps the controllers of one registry apart", async () => {
  const registry = new MetricsRegistry();
  const metrics = new ControllerMetrics(registry, new FakeClock());
  metrics.observe("one", 1).added("a");
  metrics.observe("two", 1);
  const samples = samplesOf(await registry.metrics());
  assert.equal(samples['workqueue_depth{name="one",controller="one",priority=""}'], 1);
  assert.equal(samples['workqueue_depth{name="two",controller="two",priority=""}'], 0);
});
