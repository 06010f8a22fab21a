/** The work queue: how many keys a second go in, to a worker, and are given back. */

import { WorkQueue } from "../lib/reconcile/mod.ts";
import type { Benchmark } from "./harness.ts";

const COUNT = 500_000;
const KEYS = Array.from({ length: COUNT }, (_, i) => `namespace/name-${i}`);

/** Measures a queue that is filled by a full list, and one that a worker keeps nearly empty. */
export const benchmark: Benchmark = {
  about: "add, get and done of WorkQueue, beside a Set and an array",
  async run(measure) {
    const size = { unit: "keys", count: COUNT, targetPerSecond: 200_000 };
    await measure({
      ...size,
      name: "all added, then worked off",
      subject: { name: "WorkQueue", run: () => fillThenDrain(new WorkQueue()) },
      reference: { name: "Set and array", run: plainFillThenDrain },
    });
    await measure({
      ...size,
      name: "added one by one to a waiting worker",
      subject: { name: "WorkQueue", run: () => oneByOne(new WorkQueue()) },
      reference: { name: "Set and array", run: plainOneByOne },
    });
  },
};

async function fillThenDrain(queue: WorkQueue<string>): Promise<void> {
  for (const key of KEYS) queue.add(key);
  queue.shutDown();
  for (let key = await queue.get(); key !== undefined; key = await queue.get()) queue.done(key);
}

async function oneByOne(queue: WorkQueue<string>): Promise<void> {
  for (const key of KEYS) {
    const next = queue.get();
    queue.add(key);
    const taken = await next;
    if (taken !== undefined) queue.done(taken);
  }
}

/** The same bookkeeping without waiting: a set against doubles, an array for the order. */
function plainFillThenDrain(): void {
  const dirty = new Set<string>();
  const order: string[] = [];
  for (const key of KEYS) {
    if (dirty.has(key)) continue;
    dirty.add(key);
    order.push(key);
  }
  const processing = new Set<string>();
  for (const key of order) {
    processing.add(key);
    dirty.delete(key);
    processing.delete(key);
  }
}

function plainOneByOne(): void {
  const dirty = new Set<string>();
  const processing = new Set<string>();
  for (const key of KEYS) {
    if (!dirty.has(key)) dirty.add(key);
    processing.add(key);
    dirty.delete(key);
    processing.delete(key);
  }
}
