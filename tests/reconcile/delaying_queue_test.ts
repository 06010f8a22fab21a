/** Keys that are added later. */

import assert from "node:assert/strict";
import { DelayingQueue, WorkQueue } from "../../lib/reconcile/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A delaying queue that runs, and the keys that came out of it with the time. */
class Fixture implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly queue = new WorkQueue<string>();
  readonly later = new DelayingQueue(this.queue, this.clock);
  readonly out: [string, number][] = [];
  readonly #stop = new AbortController();
  readonly #running = [this.later.run(this.#stop.signal), this.#collect()];

  async #collect(): Promise<void> {
    for (let key = await this.queue.get(); key; key = await this.queue.get()) {
      this.out.push([key, this.clock.monotonic()]);
      this.queue.done(key);
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.queue.shutDown();
    await Promise.all(this.#running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

Deno.test("addAfter() adds keys when they are due, in that order", async () => {
  await using fixture = new Fixture();
  fixture.later.addAfter("c", 300);
  fixture.later.addAfter("a", 100);
  fixture.later.addAfter("b", 200);
  await fixture.clock.advance(1000);
  assert.deepEqual(fixture.out, [["a", 100], ["b", 200], ["c", 300]]);
});

Deno.test("addAfter() adds at once when the delay is zero or less", async () => {
  await using fixture = new Fixture();
  fixture.later.addAfter("a", 0);
  fixture.later.addAfter("b", -1);
  await fixture.clock.advance(0);
  assert.deepEqual(fixture.out, [["a", 0], ["b", 0]]);
});

Deno.test("addAfter() keeps the earlier of two times of a key, whichever comes first", async () => {
  for (const delays of [[100, 500], [500, 100]]) {
    await using fixture = new Fixture();
    for (const ms of delays) fixture.later.addAfter("a", ms);
    await fixture.clock.advance(1000);
    assert.deepEqual(fixture.out, [["a", 100]], delays.join(" then "));
  }
});

Deno.test("addAfter() wakes up earlier for a key that is due before all others", async () => {
  await using fixture = new Fixture();
  fixture.later.addAfter("late", 500);
  await fixture.clock.advance(100);
  fixture.later.addAfter("soon", 50);
  await fixture.clock.advance(50);
  assert.deepEqual(fixture.out, [["soon", 150]]);
  await fixture.clock.advance(350);
  assert.deepEqual(fixture.out.at(-1), ["late", 500]);
});

Deno.test("addAfter() holds a key again after it was released, even where an overtaken time still stands", async () => {
  await using fixture = new Fixture();
  fixture.later.addAfter("a", 500);
  fixture.later.addAfter("a", 100);
  await fixture.clock.advance(100);
  fixture.later.addAfter("a", 900);
  await fixture.clock.advance(2000);
  assert.deepEqual(fixture.out, [["a", 100], ["a", 1000]]);
});

Deno.test("addAfter() holds one timer, however many keys wait", async () => {
  await using fixture = new Fixture();
  for (let i = 0; i < 100; i++) fixture.later.addAfter(`key-${i}`, 1000 - i);
  await fixture.clock.advance(0);
  assert.equal(fixture.clock.sleeping, 1);
});

Deno.test("addAfter() keeps a delay of more than 24.8 days", async () => {
  await using fixture = new Fixture();
  fixture.later.addAfter("a", 60 * DAY_MS);
  await fixture.clock.advance(60 * DAY_MS - 1);
  assert.deepEqual(fixture.out, []);
  await fixture.clock.advance(1);
  assert.deepEqual(fixture.out, [["a", 60 * DAY_MS]]);
});

Deno.test("addAfter() throws a RangeError that names the key when the delay is not a number", () => {
  const later = new DelayingQueue(new WorkQueue<string>(), new FakeClock());
  assert.throws(() => later.addAfter("a", NaN), new RangeError("Cannot add 'a': its delay is NaN"));
});

Deno.test("run() releases what became due before it was started", async () => {
  const clock = new FakeClock();
  const queue = new WorkQueue<string>();
  const later = new DelayingQueue(queue, clock);
  later.addAfter("a", 100);
  await clock.advance(200);
  assert.equal(queue.length, 0);
  const stop = new AbortController();
  const running = later.run(stop.signal);
  assert.equal(await queue.get(), "a");
  stop.abort();
  await running;
});

Deno.test("run() returns when it is aborted, drops what is not due and leaves no timer", async () => {
  const fixture = new Fixture();
  fixture.later.addAfter("a", 100);
  await fixture.clock.advance(50);
  await fixture.stop();
  assert.equal(fixture.clock.sleeping, 0);
  await fixture.clock.advance(100);
  assert.deepEqual(fixture.out, []);
});
