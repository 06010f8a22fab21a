/** Deadlines and the question whether an error is our own abort. */

import assert from "node:assert/strict";
import { deadline, isAbort } from "../../lib/time/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("deadline() aborts with a TimeoutError that tells the time when it is over", async () => {
  const clock = new FakeClock();
  // As when what is left of another deadline is one.
  using limit = deadline(499.999, undefined, clock);
  await clock.advance(499);
  assert.equal(limit.signal.aborted, false);
  await clock.advance(1);
  assert.equal(limit.signal.reason?.name, "TimeoutError");
  assert.equal(limit.signal.reason?.message, "Deadline of 500 ms exceeded");
});

Deno.test("deadline() aborts at once with the parent's reason when the parent is aborted", () => {
  const parent = new AbortController();
  using limit = deadline(500, parent.signal, new FakeClock());
  assert.equal(limit.signal.aborted, false);
  const reason = new Error("the program stops");
  parent.abort(reason);
  assert.equal(limit.signal.reason, reason);
});

Deno.test("deadline() is aborted from the start when the parent already is", () => {
  const reason = new Error("stopped before");
  using limit = deadline(500, AbortSignal.abort(reason), new FakeClock());
  assert.equal(limit.signal.reason, reason);
});

Deno.test("deadline() leaves nothing behind when it is disposed of", async () => {
  const clock = new FakeClock();
  const parent = new AbortController();
  const limit = deadline(500, parent.signal, clock);
  limit[Symbol.dispose]();
  assert.equal(clock.sleeping, 0);
  parent.abort();
  await clock.advance(1000);
  assert.equal(limit.signal.aborted, false);
});

Deno.test("deadline() leaves no timer of the machine behind either", () => {
  // The sanitizers see one.
  using limit = deadline(60_000);
  assert.equal(limit.signal.aborted, false);
});

Deno.test("isAbort() is true only for what aborting that signal causes", () => {
  const reason = new Error("stop");
  const stopped = AbortSignal.abort(reason);
  const abortError = new DOMException("aborted", "AbortError");
  const timeout = new DOMException("late", "TimeoutError");
  const cases: readonly [string, unknown, AbortSignal | undefined, boolean][] = [
    ["the reason itself", reason, stopped, true],
    ["an AbortError, as some APIs throw instead of the reason", abortError, stopped, true],
    ["another error that happens after the abort", new Error("other"), stopped, false],
    ["a timeout after the abort", timeout, stopped, false],
    ["an AbortError of somebody else's signal", abortError, new AbortController().signal, false],
    ["no signal", abortError, undefined, false],
  ];
  for (const [name, error, signal, expected] of cases) {
    assert.equal(isAbort(error, signal), expected, name);
  }
});
