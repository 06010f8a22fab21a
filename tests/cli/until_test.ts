import assert from "node:assert/strict";
import { NotYet, until } from "../../lib/cli/until.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("until() returns what its check returns as soon as it does not throw", async () => {
  const clock = new FakeClock();
  let looks = 0;
  const found = until("three looks", () => {
    looks++;
    return looks < 3 ? Promise.reject(new NotYet(`look ${looks}`)) : Promise.resolve("found");
  }, { clock, everyMs: 10 });
  await clock.advance(19);
  assert.equal(looks, 2);
  await clock.advance(1);
  assert.equal(await found, "found");
});

Deno.test("until() names what it waited for and what was missing when the time is over", async () => {
  const clock = new FakeClock();
  const waiting = until("a miracle", () => Promise.reject(new NotYet("no water, no wine")), {
    clock,
    timeoutMs: 1000,
    everyMs: 100,
  });
  const failed = assert.rejects(waiting, {
    message: "Waited 1 s for a miracle: no water, no wine",
  });
  await clock.advance(1000);
  await failed;
});

Deno.test("until() stops at once when its signal is aborted", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const waiting = until("ever", () => Promise.reject(new NotYet("not yet")), {
    clock,
    signal: stop.signal,
  });
  const failed = assert.rejects(waiting, (error) => error === stop.signal.reason);
  await clock.advance(100);
  stop.abort(new Error("enough"));
  await failed;
});
