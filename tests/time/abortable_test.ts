/** Waiting that an abort ends. */

import assert from "node:assert/strict";
import { abortable, aborted, onAbort } from "../../lib/time/mod.ts";

const never = new Promise<never>(() => {});

Deno.test("abortable() settles like the promise", async () => {
  const { signal } = new AbortController();
  const failure = new Error("failed");
  assert.equal(await abortable(Promise.resolve(1), signal), 1);
  assert.equal(await abortable(Promise.resolve(1), undefined), 1);
  await assert.rejects(abortable(Promise.reject(failure), signal), failure);
});

Deno.test("abortable() rejects with the signal's reason, and drops what comes then", async () => {
  const stop = new AbortController();
  const reason = new Error("stop");
  const { promise, reject } = Promise.withResolvers<void>();
  const waiting = abortable(promise, stop.signal);
  stop.abort(reason);
  await assert.rejects(waiting, reason);
  // Unhandled, this would fail the test.
  reject(new Error("late"));
  await assert.rejects(abortable(Promise.resolve(1), stop.signal), reason);
  await assert.rejects(abortable(never, stop.signal), reason);
});

Deno.test("aborted() rejects when the signal is aborted", async () => {
  const stop = new AbortController();
  const waiting = aborted(stop.signal);
  const reason = new Error("stop");
  stop.abort(reason);
  await assert.rejects(waiting, reason);
  await assert.rejects(aborted(stop.signal), reason);
});

Deno.test("onAbort() calls the listener once, at once if it is late, and never when it is forgotten", () => {
  const stop = new AbortController();
  const heard: string[] = [];
  {
    using _ = onAbort(stop.signal, () => heard.push("forgotten"));
  }
  onAbort(stop.signal, () => heard.push("in time"));
  stop.abort();
  onAbort(stop.signal, () => heard.push("late"));
  assert.deepEqual(heard, ["in time", "late"]);
});
