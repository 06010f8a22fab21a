/** The three guarantees of the work queue, and how it ends. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { WorkQueue } from "../../lib/reconcile/mod.ts";
import { settle } from "../support/fake_clock.ts";

function queueOf(...keys: string[]): WorkQueue<string> {
  const queue = new WorkQueue<string>();
  for (const key of keys) queue.add(key);
  return queue;
}

/** Whether a promise has resolved by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(() => settled = true);
  await settle();
  return settled;
}

Deno.test("get() hands out keys in the order in which they were added", async () => {
  const queue = queueOf("a", "b", "c");
  assert.deepEqual([await queue.get(), await queue.get(), await queue.get()], ["a", "b", "c"]);
});

Deno.test("get() waits for a key, and the worker that waits longest gets the first", async () => {
  const queue = queueOf();
  const [first, second] = [queue.get(), queue.get()];
  queue.add("a");
  queue.add("b");
  assert.deepEqual(await Promise.all([first, second]), ["a", "b"]);
});

Deno.test("add() changes nothing for a key that already waits", async () => {
  const queue = queueOf("a", "b", "a", "a");
  assert.equal(queue.length, 2);
  assert.deepEqual([await queue.get(), await queue.get()], ["a", "b"]);
  assert.equal(queue.length, 0);
});

Deno.test("add() hands a key out once more when it is added while it is processed, and only after done()", async () => {
  const queue = queueOf("a");
  await queue.get();
  queue.add("a");
  queue.add("a");
  assert.equal(queue.length, 0);
  const next = queue.get();
  assert.equal(await isSettled(next), false);
  queue.done("a");
  assert.equal(await next, "a");
  queue.done("a");
  assert.equal(queue.length, 0);
});

Deno.test("done() puts a key that was added meanwhile behind those that wait", async () => {
  const queue = queueOf("a");
  await queue.get();
  queue.add("a");
  queue.add("b");
  queue.done("a");
  assert.deepEqual([await queue.get(), await queue.get()], ["b", "a"]);
});

Deno.test("shutDown() hands out what waits, takes nothing more and then answers undefined", async () => {
  const queue = queueOf("a");
  queue.shutDown();
  queue.add("b");
  assert.equal(await queue.get(), "a");
  assert.equal(await queue.get(), undefined);
});

Deno.test("shutDown() still hands out a key that was added while it was processed before", async () => {
  const queue = queueOf("a");
  await queue.get();
  queue.add("a");
  queue.shutDown();
  queue.done("a");
  assert.equal(await queue.get(), "a");
});

Deno.test("shutDown() lets all waiting workers go", async () => {
  const queue = queueOf();
  const workers = [queue.get(), queue.get()];
  queue.shutDown();
  assert.deepEqual(await Promise.all(workers), [undefined, undefined]);
});

Deno.test("shutDownWithDrain() waits until all keys are handed out and given back", async () => {
  const queue = queueOf("a", "b");
  await queue.get();
  const drained = queue.shutDownWithDrain();
  queue.done("a");
  assert.equal(await isSettled(drained), false, "b still waits");
  await queue.get();
  assert.equal(await isSettled(drained), false, "b is being processed");
  queue.done("b");
  await drained;
});

Deno.test("shutDown() ends the wait of shutDownWithDrain()", async () => {
  const queue = queueOf("a");
  await queue.get();
  const drained = queue.shutDownWithDrain();
  assert.equal(await isSettled(drained), false);
  queue.shutDown();
  await drained;
});

Deno.test("idle() resolves once nothing waits and nothing is being processed", async () => {
  const queue = queueOf();
  await queue.idle();
  queue.add("a");
  const idle = queue.idle();
  assert.equal(await isSettled(idle), false, "a waits");
  await queue.get();
  queue.add("a");
  queue.done("a");
  assert.equal(await isSettled(idle), false, "a waits once more");
  await queue.get();
  assert.equal(await isSettled(idle), false, "a is being processed");
  queue.done("a");
  await idle;
});

Deno.test("idle() throws the reason when its signal is aborted before or during the wait", async () => {
  const queue = queueOf("a");
  const stop = new AbortController();
  const idle = queue.idle(stop.signal);
  stop.abort(new Error("no patience"));
  await assert.rejects(idle, /no patience/);
  await assert.rejects(queue.idle(stop.signal), /no patience/);
});

Deno.test("a queue never hands a key to two workers at once and loses none, whatever happens in which order", async () => {
  const key = fc.constantFrom("a", "b", "c");
  const step = fc.oneof(
    fc.record({ do: fc.constant("add" as const), key }),
    fc.record({ do: fc.constant("get" as const) }),
    fc.record({ do: fc.constant("done" as const), key }),
  );
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const queue = new WorkQueue<string>();
    const busy = new Set<string>();
    // The keys that somebody asked for since they were last handed out.
    const wanted = new Set<string>();
    const take = async (): Promise<void> => {
      const taken = await queue.get();
      if (taken === undefined) return;
      assert.ok(!busy.has(taken), `'${taken}' is handed out twice`);
      assert.ok(wanted.delete(taken), `nobody asked for '${taken}'`);
      busy.add(taken);
    };
    const takers: Promise<void>[] = [];
    for (const step of steps) {
      if (step.do === "add") {
        wanted.add(step.key);
        queue.add(step.key);
      } else if (step.do === "get") takers.push(take());
      else if (busy.delete(step.key)) queue.done(step.key);
      // Enough for take() to go on, and much faster than settle().
      for (let i = 0; i < 4; i++) await undefined;
    }
    for (const rest of busy) queue.done(rest);
    busy.clear();
    queue.shutDown();
    await Promise.all(takers);
    for (const rest of busy) queue.done(rest);
    busy.clear();
    while (queue.length > 0) await take();
    assert.deepEqual([...wanted], [], "asked for but never handed out");
  }));
});
