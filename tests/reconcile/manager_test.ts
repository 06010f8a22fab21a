/** The order of starting and stopping, and what a failure does. */

import assert from "node:assert/strict";
import { Manager, type Runnable } from "../../lib/reconcile/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

/** Parts that write down what happens to them, and end when the test says so. */
class Diary {
  readonly entries: string[] = [];
  readonly #parts = new Map<string, Script>();

  /** A part; `slow` ones are ready, and end after being told to, only by {@linkcode Diary.ready} and {@linkcode Diary.end}. */
  part(name: string, slow: { readonly start?: boolean; readonly stop?: boolean } = {}): Runnable {
    const script: Script = {
      ready: Promise.withResolvers(),
      end: Promise.withResolvers(),
    };
    this.#parts.set(name, script);
    if (!slow.start) script.ready.resolve();
    return {
      name,
      ready: () => script.ready.promise,
      run: async (signal) => {
        this.entries.push(`${name} starts`);
        const onStop = (): void => {
          this.entries.push(`${name} is told to stop`);
          if (!slow.stop) script.end.resolve();
        };
        signal.addEventListener("abort", onStop);
        try {
          await script.end.promise;
        } finally {
          signal.removeEventListener("abort", onStop);
        }
        this.entries.push(`${name} ends`);
      },
    };
  }

  ready(name: string): void {
    this.#parts.get(name)?.ready.resolve();
  }

  end(name: string): void {
    this.#parts.get(name)?.end.resolve();
  }

  fail(name: string, error: Error): void {
    this.#parts.get(name)?.end.reject(error);
  }

  /** What was written since the last time. */
  next(): string[] {
    return this.entries.splice(0);
  }
}

interface Script {
  readonly ready: PromiseWithResolvers<void>;
  readonly end: PromiseWithResolvers<void>;
}

/** Starts a manager of these groups. */
function run(...groups: Runnable[][]) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const running = new Manager(groups, { clock }).run(stop.signal);
  // The test looks at the outcome later.
  running.catch(() => {});
  return { clock, running, stop: () => stop.abort(new Error("the test stops it")) };
}

Deno.test("run() starts a group when all parts of the one before are ready", async () => {
  const diary = new Diary();
  const { running, stop } = run(
    [diary.part("a", { start: true }), diary.part("b", { start: true })],
    [diary.part("c")],
  );
  await settle();
  assert.deepEqual(diary.next(), ["a starts", "b starts"]);
  diary.ready("b");
  await settle();
  assert.deepEqual(diary.next(), []);
  diary.ready("a");
  await settle();
  assert.deepEqual(diary.next(), ["c starts"]);
  stop();
  await running;
});

Deno.test("run() takes a part without ready() as ready at once", async () => {
  const diary = new Diary();
  const { name, run: runPart } = diary.part("a");
  const { running, stop } = run([{ name, run: runPart }], [diary.part("b")]);
  await settle();
  assert.deepEqual(diary.next(), ["a starts", "b starts"]);
  stop();
  await running;
});

Deno.test("run() stops in reverse order, a group only after all parts of the one behind have ended", async () => {
  const diary = new Diary();
  const { clock, running, stop } = run(
    [diary.part("a")],
    [diary.part("b", { stop: true }), diary.part("c")],
    [diary.part("d", { stop: true })],
  );
  await settle();
  diary.next();
  stop();
  await settle();
  assert.deepEqual(diary.next(), ["d is told to stop"]);
  diary.end("d");
  await settle();
  assert.deepEqual(diary.next(), [
    "d ends",
    "b is told to stop",
    "c is told to stop",
    "c ends",
  ]);
  diary.end("b");
  await running;
  assert.deepEqual(diary.next(), ["b ends", "a is told to stop", "a ends"]);
  assert.equal(clock.sleeping, 0);
});

Deno.test("run() stops all when one part fails, and throws its error", async () => {
  const diary = new Diary();
  const { running } = run([diary.part("a")], [diary.part("b"), diary.part("c")]);
  await settle();
  diary.next();
  const failure = new Error("b broke");
  diary.fail("b", failure);
  await assert.rejects(running, failure);
  assert.deepEqual(diary.next(), ["c is told to stop", "c ends", "a is told to stop", "a ends"]);
});

Deno.test("run() throws the first of two errors", async () => {
  const diary = new Diary();
  const { running } = run([diary.part("a", { stop: true })], [diary.part("b")]);
  await settle();
  diary.fail("b", new Error("b broke"));
  await settle();
  diary.fail("a", new Error("a broke while stopping"));
  await assert.rejects(running, /b broke/);
});

Deno.test("run() throws the error of a part that fails while it is stopped", async () => {
  const diary = new Diary();
  const { running, stop } = run([diary.part("a", { stop: true })]);
  await settle();
  stop();
  diary.fail("a", new Error("a cannot release the lease"));
  await assert.rejects(running, /cannot release the lease/);
});

Deno.test("run() takes a part that throws the signal's reason on a stop as stopped", async () => {
  const part: Runnable = {
    name: "a",
    run: (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  };
  const { running, stop } = run([part]);
  await settle();
  stop();
  await running;
});

Deno.test("run() takes a part that returns before it was told to as failed", async () => {
  const diary = new Diary();
  const { running } = run([diary.part("a"), diary.part("b")]);
  await settle();
  diary.end("a");
  await assert.rejects(running, /^Error: Part 'a' ended by itself$/);
  assert.ok(diary.next().includes("b ends"));
});

Deno.test("run() starts no further group when a part fails, or ready() does, or it is stopped, before all are ready", async () => {
  const fails = new Diary();
  const failing = run([fails.part("a", { start: true })], [fails.part("b")]);
  await settle();
  fails.fail("a", new Error("a broke"));
  await assert.rejects(failing.running, /a broke/);
  assert.deepEqual(fails.next(), ["a starts"]);

  const unready = new Diary();
  const part = { ...unready.part("a"), ready: () => Promise.reject(new Error("never ready")) };
  await assert.rejects(run([part], [unready.part("b")]).running, /never ready/);
  assert.deepEqual(unready.next(), ["a starts", "a is told to stop", "a ends"]);

  const stopped = new Diary();
  const early = run([stopped.part("a", { start: true })], [stopped.part("b")]);
  await settle();
  early.stop();
  await early.running;
  assert.deepEqual(stopped.next(), ["a starts", "a is told to stop", "a ends"]);
});

Deno.test("run() starts nothing when its signal was aborted before", async () => {
  const diary = new Diary();
  await new Manager([[diary.part("a")]]).run(AbortSignal.abort());
  assert.deepEqual(diary.next(), []);
});

Deno.test("run() gives up after the grace, names who did not stop and still tells the rest to", async () => {
  const diary = new Diary();
  const { clock, running, stop } = run(
    [diary.part("z")],
    [diary.part("a")],
    [diary.part("b", { stop: true }), diary.part("c"), diary.part("d", { stop: true })],
  );
  await settle();
  stop();
  await clock.advance(29_999);
  diary.next();
  await clock.advance(1);
  await assert.rejects(running, /^Error: Cannot stop 'b', 'd' within 30000 ms$/);
  await settle();
  const rest = ["a is told to stop", "z is told to stop", "a ends", "z ends"];
  assert.deepEqual(diary.next(), rest);
  diary.end("b");
  diary.end("d");
});

Deno.test("run() throws the error of the part that failed rather than that another did not stop", async () => {
  const diary = new Diary();
  const { clock, running } = run([diary.part("a", { stop: true })], [diary.part("b")]);
  await settle();
  diary.fail("b", new Error("b broke"));
  await clock.advance(30_000);
  await assert.rejects(running, /b broke/);
  diary.end("a");
});

Deno.test("run() waits for nobody when a critical part fails, though it tells all to stop", async () => {
  const diary = new Diary();
  const lease: Runnable = { ...diary.part("lease"), critical: true };
  const { clock, running } = run(
    [diary.part("a")],
    [lease],
    [diary.part("worker", { stop: true })],
  );
  await settle();
  diary.next();
  diary.fail("lease", new Error("the lease is lost"));
  await assert.rejects(running, /the lease is lost/);
  await settle();
  assert.deepEqual(diary.next(), ["worker is told to stop", "a is told to stop", "a ends"]);
  assert.equal(clock.sleeping, 0);
  diary.end("worker");
});

Deno.test("run() stops waiting when a critical part fails while the others are stopped", async () => {
  const diary = new Diary();
  const lease: Runnable = { ...diary.part("lease"), critical: true };
  const { clock, running, stop } = run([lease], [diary.part("worker", { stop: true })]);
  await settle();
  stop();
  await clock.advance(1_000);
  diary.fail("lease", new Error("the lease is lost"));
  await assert.rejects(running, /the lease is lost/);
  assert.equal(clock.sleeping, 0);
  diary.end("worker");
});

Deno.test("run() runs managers within managers", async () => {
  const diary = new Diary();
  const inner = new Manager([[diary.part("b")], [diary.part("c")]]);
  const { running, stop } = run(
    [diary.part("a")],
    [{ name: "inner", run: (signal) => inner.run(signal) }],
  );
  await settle();
  stop();
  await running;
  assert.deepEqual(diary.next().filter((entry) => entry.endsWith("ends")), [
    "c ends",
    "b ends",
    "a ends",
  ]);
});
