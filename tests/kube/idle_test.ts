import assert from "node:assert/strict";

import { watchUntilIdle } from "../../lib/kube/_idle.ts";
import type { WatchEvent, WatchOptions } from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { rejection, type Thing } from "./_support.ts";

const BOOKMARK: WatchEvent<Thing> = { type: "BOOKMARK", resourceVersion: "2" };

Deno.test("watchUntilIdle() counts the silence anew from each event", async () => {
  const clock = new FakeClock();
  async function* bookmarks(options: WatchOptions): AsyncGenerator<WatchEvent<Thing>> {
    for (let i = 0; i < 3; i++) {
      await clock.sleep(90, options.signal);
      yield BOOKMARK;
    }
    await clock.sleep(1_000_000, options.signal);
  }
  const request = { resourceVersion: "1", signal: new AbortController().signal };
  let events = 0;
  let isOver = false;
  const watching = (async () => {
    const watch = watchUntilIdle(bookmarks, { request, idleMs: 100, clock });
    for await (const _ of watch) events++;
    isOver = true;
  })();
  await clock.advance(369);
  assert.deepEqual([events, isOver], [3, false]);
  await clock.advance(1);
  assert.equal(isOver, true);
  await watching;
  assert.equal(clock.sleeping, 0);
});

Deno.test("watchUntilIdle() throws the reason when it is aborted before it starts", async () => {
  const clock = new FakeClock();
  // deno-lint-ignore require-yield -- it ends before its first event
  async function* silent(options: WatchOptions): AsyncGenerator<WatchEvent<Thing>> {
    await clock.sleep(1000, options.signal);
  }
  const reason = new Error("enough");
  const request = { resourceVersion: "1", signal: AbortSignal.abort(reason) };
  const watch = watchUntilIdle(silent, { request, idleMs: 100, clock });
  assert.equal(await rejection(watch.next(), Error), reason);
  assert.equal(clock.sleeping, 0);
});

Deno.test("watchUntilIdle() counts the silence from when the watch is accepted", async () => {
  const clock = new FakeClock();
  async function* slow(options: WatchOptions): AsyncGenerator<WatchEvent<Thing>> {
    // As long as a person may take to log in for a credential plugin.
    await clock.sleep(1_000, options.signal);
    options.onOpen?.();
    await clock.sleep(90, options.signal);
    yield BOOKMARK;
    await clock.sleep(1_000_000, options.signal);
  }
  let opened = 0;
  const request = {
    resourceVersion: "1",
    signal: new AbortController().signal,
    onOpen: () => opened++,
  };
  const watch = watchUntilIdle(slow, { request, idleMs: 100, clock });
  const first = watch.next();
  await clock.advance(1_090);
  assert.deepEqual(await first, { done: false, value: BOOKMARK });
  assert.equal(opened, 1);
  const end = watch.next();
  await clock.advance(100);
  assert.deepEqual(await end, { done: true, value: "silent" });
  assert.equal(clock.sleeping, 0);
});
