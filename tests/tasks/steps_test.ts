/** Steps of a task: what is shown of them, and what happens when one fails. */

import assert from "node:assert/strict";
import type { Ran } from "../../tasks/_program.ts";
import { type RunCommand, runSteps, type Step } from "../../tasks/_steps.ts";

const FINE: Ran = { ok: true, code: 0, stdout: "", stderr: "" };

/** Runs steps with commands that end as a table says; all others are fine. */
async function play(
  steps: readonly Step[],
  ends: Readonly<Record<string, Partial<Ran>>> = {},
  { isTerminal = false, signal = new AbortController().signal } = {},
): Promise<{ shown: string; ran: string[]; error?: unknown }> {
  const ran: string[] = [];
  let shown = "";
  const run: RunCommand = ([name = ""]) => {
    ran.push(name);
    const end = ends[name];
    return Promise.resolve(end ? { ...FINE, ok: false, code: 1, ...end } : FINE);
  };
  const io = { write: (text: string) => void (shown += text), isTerminal };
  try {
    await runSteps(steps, run, io, signal);
    return { shown, ran };
  } catch (error) {
    return { shown, ran, error };
  }
}

const STEPS: readonly Step[] = [
  { title: "Do one", command: ["one"] },
  { title: "Do two", command: ["two", "a b"], hint: "Try three", diagnose: [["why", "--now"]] },
  { title: "Do three", command: ["three"] },
];

Deno.test("runSteps() writes plain lines into a pipe", async () => {
  const { shown, ran } = await play(STEPS.slice(0, 2));
  assert.deepEqual(ran, ["one", "two"]);
  assert.equal(shown, "Do one …\n  done (0 s)\nDo two …\n  done (0 s)\n");
});

Deno.test("runSteps() keeps one line for each step on a terminal", async () => {
  const { shown } = await play(STEPS.slice(0, 1), {}, { isTerminal: true });
  assert.equal(shown, "\r\x1b[KDo one … 0 s\r\x1b[KDo one: done (0 s)\n");
});

Deno.test("runSteps() ends with the first that fails: what it said, and why", async () => {
  const { shown, ran, error } = await play(STEPS, {
    two: { code: 3, stderr: "no\nluck\n" },
    why: { stdout: "because\n" },
  });
  assert.deepEqual(ran, ["one", "two", "why"]);
  assert.match(shown, /Do two …\n {2}failed \(0 s\)\n$/);
  assert.ok(error instanceof Error);
  assert.equal(
    error.message,
    "Cannot do two: `two 'a b'` ended with 3\nno\nluck\n$ why --now\nbecause\nTry three",
  );
});

Deno.test("runSteps() leaves out the rest of a part that it can do without, and goes on", async () => {
  const optional = { part: "extra", otherwise: "it goes without" };
  const steps = [
    { title: "Get it", command: ["get"], optional },
    { title: "Use it", command: ["use"], optional },
    { title: "Do one", command: ["one"] },
  ];
  const { shown, ran, error } = await play(steps, { get: {} });
  assert.equal(error, undefined);
  assert.deepEqual(ran, ["get", "one"]);
  assert.match(shown, /Get it …\n {2}failed, it goes without \(0 s\)\nDo one …/);
});

Deno.test("runSteps() stops where it is interrupted", async () => {
  const stop = new AbortController();
  stop.abort(new Error("Interrupted by SIGINT"));
  const { ran, error } = await play(STEPS, {}, { signal: stop.signal });
  assert.deepEqual(ran, []);
  assert.equal(error, stop.signal.reason);
});

Deno.test("runSteps() says which step was interrupted", async () => {
  const stop = new AbortController();
  let shown = "";
  const io = { write: (text: string) => void (shown += text), isTerminal: false };
  const run: RunCommand = () => {
    stop.abort(new Error("Interrupted by SIGINT"));
    return Promise.reject(stop.signal.reason);
  };
  await assert.rejects(runSteps(STEPS, run, io, stop.signal), /Interrupted by SIGINT/);
  assert.equal(shown, "Do one …\n  interrupted (0 s)\n");
});
