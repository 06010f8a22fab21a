/** What a controller logs: enough to follow one run, and nothing alarming about a stop. */

import assert from "node:assert/strict";
import { getLogger } from "@logtape/logtape";
import { Controller, type Reconcile, TerminalError } from "../../lib/reconcile/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { captureLogs, type LogLine } from "../support/logs.ts";

/** Runs a key once and stops; returns what was logged. */
async function logOf(reconcile: Reconcile<string>): Promise<readonly LogLine[]> {
  await using logs = await captureLogs();
  const controller = new Controller({ name: "test", reconcile, clock: new FakeClock() });
  const stop = new AbortController();
  const running = controller.run(stop.signal);
  controller.enqueue("default/a");
  await settle();
  stop.abort(new Error("stop"));
  await running;
  return logs.lines;
}

const endings: readonly [string, Reconcile<string>, string, RegExp][] = [
  ["a success at debug", () => Promise.resolve({}), "debug", /^Reconciled$/],
  [
    "a failure as a warning",
    () => Promise.reject(new Error("failed")),
    "warning",
    /failed, will retry$/,
  ],
  [
    "a failure for good as an error",
    () => Promise.reject(new TerminalError("wrong")),
    "error",
    /failed, no retry/,
  ],
  [
    "a stop at debug, even if the reconciler wraps the reason",
    (_key, signal) =>
      new Promise((_, reject) =>
        signal.addEventListener(
          "abort",
          () => reject(new Error("Cannot list pods", { cause: signal.reason })),
        )
      ),
    "debug",
    /interrupted by the stop$/,
  ],
];

for (const [name, reconcile, level, message] of endings) {
  Deno.test(`a controller logs ${name}, with the controller, the key and the ID of the run`, async () => {
    const lines = await logOf(reconcile);
    assert.equal(lines.length, 2);
    const [begin, end] = lines;
    assert.equal(begin?.text, "Reconciling");
    assert.match(end?.text ?? "", message);
    assert.equal(end?.level, level);
    for (const { properties } of lines) {
      const { controller, key, reconcileId } = properties;
      assert.deepEqual([controller, key], ["test", "default/a"]);
      assert.match(String(reconcileId), /^[0-9a-f-]{36}$/);
      assert.equal(reconcileId, begin?.properties["reconcileId"]);
    }
  });
}

Deno.test("what others log in a run carries its ID, also after a wait and when runs overlap", async () => {
  await using logs = await captureLogs();
  const other = getLogger(["bitcoin-controller", "other"]);
  const clock = new FakeClock();
  const controller = new Controller<string>({
    name: "test",
    workers: 2,
    clock,
    reconcile: async (key, signal) => {
      await clock.sleep(10, signal);
      other.info("Working", { on: key });
      return {};
    },
  });
  const stop = new AbortController();
  const running = controller.run(stop.signal);
  for (const key of ["a", "b"]) controller.enqueue(key);
  await clock.advance(10);
  // What is logged between runs belongs to none.
  other.info("Idle");
  stop.abort(new Error("stop"));
  await running;
  const idOf = (text: string, key: string): unknown =>
    logs.lines.find((line) => line.text === text && line.properties["key"] === key)
      ?.properties["reconcileId"];
  for (const key of ["a", "b"]) {
    assert.equal(idOf("Working", key), idOf("Reconciling", key));
    assert.equal(idOf("Reconciled", key), idOf("Reconciling", key));
  }
  assert.notEqual(idOf("Working", "a"), idOf("Working", "b"));
  const idle = logs.lines.find(({ text }) => text === "Idle");
  assert.deepEqual(idle?.properties, {});
});
