import assert from "node:assert/strict";
import { type Step, type StepResult, tellStory } from "../../../lib/cli/story/story.ts";
import { FakeClock } from "../../support/fake_clock.ts";

interface World {
  readonly seen: string[];
}

function step(name: string, run: (world: World) => Promise<string> | string): Step<World> {
  return { name, run: async (world) => await run(world) };
}

async function tell(steps: readonly Step<World>[], signal = new AbortController().signal) {
  const world: World = { seen: [] };
  const started: string[] = [];
  const ended: StepResult[] = [];
  const results = await tellStory(steps, world, {
    clock: new FakeClock(),
    signal,
    onStart: (number, name) => started.push(`${number} ${name}`),
    onEnd: (result) => ended.push(result),
  });
  assert.deepEqual(ended, results);
  return { results, started, seen: world.seen };
}

Deno.test("tellStory() runs the steps in order and reports what each saw", async () => {
  const { results, started, seen } = await tell([
    step("one", (world) => `saw ${world.seen.push("a")}`),
    step("two", (world) => `saw ${world.seen.push("b")}`),
  ]);
  assert.deepEqual(seen, ["a", "b"]);
  assert.deepEqual(started, ["1 one", "2 two"]);
  assert.deepEqual(results, [
    { step: 1, name: "one", ok: true, durationMs: 0, endedMs: 0, detail: "saw 1" },
    { step: 2, name: "two", ok: true, durationMs: 0, endedMs: 0, detail: "saw 2" },
  ]);
});

Deno.test("tellStory() stops at the first step that does not hold", async () => {
  const { results, seen } = await tell([
    step("holds", () => "yes"),
    step("fails", () => Promise.reject(new Error("node 1 is missing"))),
    step("never told", (world) => `saw ${world.seen.push("c")}`),
  ]);
  assert.deepEqual(seen, []);
  assert.deepEqual(results.map(({ ok, detail }) => ({ ok, detail })), [
    { ok: true, detail: "yes" },
    { ok: false, detail: "node 1 is missing" },
  ]);
});

Deno.test("tellStory() throws the reason when it is interrupted, instead of reporting a failed step", async () => {
  const stop = new AbortController();
  const interrupted = new Error("interrupted");
  await assert.rejects(
    tell([
      step("interrupts", () => {
        stop.abort(interrupted);
        throw stop.signal.reason;
      }),
    ], stop.signal),
    (error) => error === interrupted,
  );
});
