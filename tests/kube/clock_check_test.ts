import assert from "node:assert/strict";

import { aheadMs, ClockCheck } from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { captureLogs } from "../support/logs.ts";
import { json } from "../support/scripted_server.ts";
import { clientOf } from "./_support.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

Deno.test("aheadMs() is how far the server's time lies outside of the exchange", () => {
  const exchange = { sentAtMs: 1000, receivedAtMs: 5000 };
  assert.equal(aheadMs(400, exchange), 600);
  for (const within of [1000, 3000, 5000]) assert.equal(aheadMs(within, exchange), 0);
  assert.equal(aheadMs(5600, exchange), -600);
});

/** A client whose clock is off by so much, and what it has warned of. */
async function askAll(
  offsets: readonly number[],
  { everyMs = 1000, takesMs = 0, date = (nowMs: number) => new Date(nowMs).toUTCString() } = {},
): Promise<unknown[]> {
  await using logs = await captureLogs();
  const inner = new FakeClock();
  let offsetMs = 0;
  const clock = { ...clockOf(inner), now: () => inner.now() + offsetMs };
  const clockCheck = new ClockCheck();
  const fetch = async (): Promise<Response> => {
    const headers = { date: date(inner.now()) };
    if (takesMs > 0) await inner.advance(takesMs);
    return json({}, { headers });
  };
  // Two clients of one server, as `run` has them.
  const clients = [1, 2].map(() => clientOf({ url: "http://api" }, { clock, fetch, clockCheck }));
  for (const each of offsets) {
    offsetMs = each;
    for (const client of clients) await client.request({ path: "/x" });
    await inner.advance(everyMs);
  }
  return logs.lines.filter(({ level }) => level === "warning").map(({ text, properties }) => {
    assert.equal(text, "The clock of this machine and that of the API server differ");
    assert.equal(properties["server"], "a test");
    return properties["aheadSeconds"];
  });
}

function clockOf(clock: FakeClock): Pick<FakeClock, "monotonic" | "sleep"> {
  return {
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}

Deno.test("a client warns once of a clock that is an hour ahead or behind, and says which", async () => {
  assert.deepEqual(await askAll([HOUR_MS, HOUR_MS]), [3600]);
  assert.deepEqual(await askAll([-HOUR_MS, -HOUR_MS]), [-3600]);
});

Deno.test("a client warns of a clock that goes wrong later", async () => {
  assert.deepEqual(await askAll([0, 0, 2 * MINUTE_MS]), [120]);
});

Deno.test("a client warns again each hour of a clock that stays wrong", async () => {
  assert.deepEqual(await askAll(Array(5).fill(HOUR_MS), { everyMs: HOUR_MS / 2 }), [
    3600,
    3600,
    3600,
  ]);
});

Deno.test("a client warns of no clock that is less than a minute off", async () => {
  assert.deepEqual(await askAll([59_000, -59_000, 0]), []);
});

Deno.test("a client blames no clock for an answer that took long", async () => {
  assert.deepEqual(await askAll([0], { takesMs: 5 * MINUTE_MS }), []);
});

Deno.test("a client warns of nothing when the server tells no time, or none that is one", async () => {
  for (const text of ["", "yesterday"]) {
    assert.deepEqual(await askAll([HOUR_MS], { date: () => text }), []);
  }
});
