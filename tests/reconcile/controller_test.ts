/** What becomes of a key, by how its run ends. */

import assert from "node:assert/strict";
import {
  Controller,
  type ControllerOptions,
  RateLimiter,
  type Reconcile,
  TerminalError,
} from "../../lib/reconcile/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { captureLogs } from "../support/logs.ts";

/** A controller that runs in virtual time and stops with the test. */
class Fixture implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly limiter = new RateLimiter<string>({ clock: this.clock });
  readonly controller: Controller<string>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(reconcile: Reconcile<string>, options: Partial<ControllerOptions<string>> = {}) {
    const { clock, limiter: rateLimiter } = this;
    this.controller = new Controller({ name: "test", reconcile, clock, rateLimiter, ...options });
    this.#running = this.controller.run(this.#stop.signal);
  }

  /** Asks the controller to stop; resolves when it has. */
  stop(): Promise<void> {
    this.#stop.abort(new Error("the test is over"));
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Runs that end when the test says so. */
class Gate {
  readonly entered: string[] = [];
  readonly #inside = new Map<string, PromiseWithResolvers<void>>();

  readonly reconcile: Reconcile<string> = async (key) => {
    this.entered.push(key);
    const inside = Promise.withResolvers<void>();
    this.#inside.set(key, inside);
    await inside.promise;
    return {};
  };

  open(...keys: string[]): void {
    for (const key of keys) this.#inside.get(key)?.resolve();
  }
}

/** Waits until a signal is aborted, as a reconciler does that respects it. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  );
}

Deno.test("enqueue() runs the reconciler for each key, before and after the start", async () => {
  const seen: string[] = [];
  const controller = new Controller<string>({
    name: "test",
    reconcile: (key) => Promise.resolve(seen.push(key)).then(() => ({})),
    clock: new FakeClock(),
  });
  controller.enqueue("before");
  const stop = new AbortController();
  const running = controller.run(stop.signal);
  controller.enqueue("after");
  await controller.idle();
  assert.deepEqual(seen, ["before", "after"]);
  stop.abort();
  await running;
});

Deno.test("enqueue() during a run causes exactly one more run, after it", async () => {
  const gate = new Gate();
  await using fixture = new Fixture(gate.reconcile);
  fixture.controller.enqueue("a");
  await settle();
  for (let i = 0; i < 3; i++) fixture.controller.enqueue("a");
  await settle();
  assert.deepEqual(gate.entered, ["a"]);
  gate.open("a");
  await settle();
  assert.deepEqual(gate.entered, ["a", "a"]);
  gate.open("a");
  await fixture.controller.idle();
  assert.deepEqual(gate.entered, ["a", "a"]);
});

Deno.test("run() works on as many keys at once as there are workers", async () => {
  const gate = new Gate();
  await using fixture = new Fixture(gate.reconcile, { workers: 2 });
  for (const key of ["a", "b", "c"]) fixture.controller.enqueue(key);
  await settle();
  assert.deepEqual(gate.entered, ["a", "b"]);
  gate.open("a");
  await settle();
  assert.deepEqual(gate.entered, ["a", "b", "c"]);
  gate.open("b", "c");
});

Deno.test("enqueueAfter() runs the key when it is due", async () => {
  const runs: number[] = [];
  await using fixture = new Fixture(() => {
    runs.push(fixture.clock.monotonic());
    return Promise.resolve({});
  });
  fixture.controller.enqueueAfter("a", 250);
  await fixture.clock.advance(1000);
  assert.deepEqual(runs, [250]);
});

Deno.test("run() waits for all sources before the first run", async () => {
  const synced = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const gate = new Gate();
  const sources = synced.map(({ promise }) => ({ synced: () => promise }));
  await using fixture = new Fixture(gate.reconcile, { sources });
  fixture.controller.enqueue("a");
  synced[0]?.resolve();
  await settle();
  assert.deepEqual(gate.entered, []);
  synced[1]?.resolve();
  await settle();
  assert.deepEqual(gate.entered, ["a"]);
  gate.open("a");
});

Deno.test("run() returns when it is stopped while it waits for a source, and throws what a source throws", async () => {
  const waiting = new Fixture(() => Promise.resolve({}), {
    sources: [{ synced: (signal) => untilAborted(signal ?? new AbortController().signal) }],
  });
  await settle();
  await waiting.stop();
  const failing = new Fixture(() => Promise.resolve({}), {
    sources: [{ synced: () => Promise.reject(new Error("no list")) }],
  });
  await assert.rejects(failing.stop(), /no list/);
});

/** How a run ends, when the key runs again within ten seconds, and the failures that are counted at the end. */
const outcomes: readonly [string, Reconcile<string>, readonly number[], number][] = [
  ["returns {}", () => Promise.resolve({}), [0], 0],
  [
    "asks for requeueAfterMs",
    () => Promise.resolve({ requeueAfterMs: 4000 }),
    [0, 4000, 8000],
    0,
  ],
  ["throws a TerminalError", () => Promise.reject(new TerminalError("wrong")), [0], 0],
  [
    "throws",
    () => Promise.reject(new Error("failed")),
    [0, 5, 15, 35, 75, 155, 315, 635, 1275, 2555, 5115],
    11,
  ],
  [
    "throws synchronously",
    () => {
      throw new Error("failed before the first await");
    },
    [0, 5, 15, 35, 75, 155, 315, 635, 1275, 2555, 5115],
    11,
  ],
  [
    "asks for a requeueAfterMs that is not a number",
    () => Promise.resolve({ requeueAfterMs: NaN }),
    [0, 5, 15, 35, 75, 155, 315, 635, 1275, 2555, 5115],
    11,
  ],
];

for (const [name, reconcile, times, failures] of outcomes) {
  Deno.test(`a key whose run ${name} runs again after ${times.slice(1, 3).join(" and ") || "nothing"} ms`, async () => {
    const runs: number[] = [];
    await using fixture = new Fixture((key, signal) => {
      runs.push(fixture.clock.monotonic());
      return reconcile(key, signal);
    });
    fixture.controller.enqueue("a");
    await fixture.clock.advance(10_000);
    assert.deepEqual(runs, times);
    assert.equal(fixture.limiter.failures("a"), failures);
    // Whatever happened, the key was given back, so that it can run again.
    await fixture.controller.idle();
    fixture.controller.enqueue("a");
    await settle();
    assert.equal(runs.length, times.length + 1);
  });
}

for (
  const [end, result] of [["succeeds", {}], ["fails for good", new TerminalError("wrong")]] as const
) {
  Deno.test(`a key that failed before starts over after a run that ${end}`, async () => {
    let failing = true;
    await using fixture = new Fixture(() => {
      if (failing) return Promise.reject(new Error("failed"));
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
    });
    fixture.controller.enqueue("a");
    await fixture.clock.advance(100);
    assert.equal(fixture.limiter.failures("a"), 5);
    failing = false;
    await fixture.clock.advance(1000);
    assert.equal(fixture.limiter.failures("a"), 0);
  });
}

Deno.test("a run that takes longer than timeoutMs has its signal aborted and is retried", async () => {
  const reasons: string[] = [];
  await using fixture = new Fixture(async (_key, signal) => {
    signal.addEventListener("abort", () => reasons.push(signal.reason.name));
    if (reasons.length > 0) return {};
    return await untilAborted(signal);
  }, { timeoutMs: 2000 });
  fixture.controller.enqueue("a");
  await fixture.clock.advance(1999);
  assert.deepEqual(reasons, []);
  await fixture.clock.advance(1);
  assert.deepEqual(reasons, ["TimeoutError"]);
  assert.equal(fixture.limiter.failures("a"), 1);
  await fixture.clock.advance(5);
  assert.equal(fixture.limiter.failures("a"), 0);
});

Deno.test("idle() does not wait for keys that are due later", async () => {
  await using fixture = new Fixture(() => Promise.resolve({ requeueAfterMs: 1000 }));
  fixture.controller.enqueue("a");
  await fixture.controller.idle();
  assert.equal(fixture.clock.monotonic(), 0);
});

Deno.test("run() stops by aborting the runs in progress, waits for their end and drops the rest", async () => {
  const [entered, left]: [string[], string[]] = [[], []];
  const cleanUp = Promise.withResolvers<void>();
  const fixture = new Fixture(async (key, signal) => {
    entered.push(key);
    try {
      return await untilAborted(signal);
    } finally {
      await cleanUp.promise;
      left.push(key);
    }
  }, { workers: 2 });
  for (const key of ["a", "b", "c"]) fixture.controller.enqueue(key);
  fixture.controller.enqueueAfter("d", 10);
  await settle();
  const stopped = fixture.stop().then(() => left.push("stopped"));
  await settle();
  assert.deepEqual(left, []);
  cleanUp.resolve();
  await stopped;
  assert.deepEqual(left, ["a", "b", "stopped"]);
  assert.deepEqual(entered, ["a", "b"]);
  fixture.controller.enqueue("e");
  await fixture.clock.advance(10_000);
  await fixture.controller.idle();
  assert.deepEqual(entered, ["a", "b"]);
  assert.deepEqual(fixture.limiter.failures("a"), 0, "a stop is not a failure");
  assert.equal(fixture.clock.sleeping, 0);
});

Deno.test("run() returns at once and runs nothing when its signal was aborted before", async () => {
  const gate = new Gate();
  const controller = new Controller({ name: "test", reconcile: gate.reconcile });
  controller.enqueue("a");
  await controller.run(AbortSignal.abort());
  assert.deepEqual(gate.entered, []);
});

Deno.test("Controller logs each error of a key loudly once, until the key succeeds", async () => {
  await using logs = await captureLogs();
  const outcomes = ["lost", "lost", "slow", "lost", "", "lost"];
  await using fixture = new Fixture(() => {
    const outcome = outcomes.shift();
    return outcome ? Promise.reject(new Error(outcome)) : Promise.resolve({});
  });
  for (let left = outcomes.length; left > 0; left--) {
    fixture.controller.enqueue("a");
    await fixture.controller.idle();
  }
  const told = logs.lines.filter(({ properties }) => properties.error);
  assert.deepEqual(
    told.map(({ level, properties }) => `${level} ${properties.error}`),
    [
      "warning Error: lost",
      "debug Error: lost",
      "warning Error: slow",
      "debug Error: lost",
      "warning Error: lost",
    ],
  );
});
