import assert from "node:assert/strict";

import { ContainerLog, type LogReadOptions } from "../../../lib/embedded/kubelet/logs.ts";
import { settle } from "../../support/fake_clock.ts";

const never = new AbortController().signal;

async function read(log: ContainerLog, options: LogReadOptions = {}): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of log.read(options, never)) chunks.push(chunk);
  return await new Blob(chunks).text();
}

function logOf(...lines: string[]): ContainerLog {
  const log = new ContainerLog();
  lines.forEach((text, index) => log.append({ atMs: index * 1000, text }));
  return log;
}

const TABLE: readonly (readonly [what: string, options: LogReadOptions, text: string])[] = [
  ["all lines", {}, "a\nb\né\n"],
  ["the last lines", { tailLines: 2 }, "b\né\n"],
  ["no line when none is asked for", { tailLines: 0 }, ""],
  ["more last lines than there are", { tailLines: 9 }, "a\nb\né\n"],
  ["lines since a time", { sinceMs: 1000 }, "b\né\n"],
  ["so many bytes", { limitBytes: 3 }, "a\nb"],
  ["lines with their times", { tailLines: 1, timestamps: true }, "1970-01-01T00:00:02.000Z é\n"],
];

for (const [what, options, text] of TABLE) {
  Deno.test(`ContainerLog.read() reads ${what}`, async () => {
    assert.equal(await read(logOf("a", "b", "é"), options), text);
  });
}

Deno.test("ContainerLog.read() follows until the log is closed", async () => {
  const log = logOf("a", "b");
  const reading = read(log, { follow: true, tailLines: 1 });
  await settle();
  log.append({ atMs: 0, text: "c" });
  await settle();
  log.append({ atMs: 0, text: "d" });
  log.close();
  assert.equal(await reading, "b\nc\nd\n");
});

Deno.test("ContainerLog.read() ends at its limit while it follows", async () => {
  const log = logOf("a");
  const reading = read(log, { follow: true, limitBytes: 4 });
  await settle();
  log.append({ atMs: 0, text: "bcd" });
  assert.equal(await reading, "a\nbc");
});

Deno.test("ContainerLog.read() stops following when its signal is aborted", async () => {
  const log = logOf("a");
  const stop = new AbortController();
  const lines = log.read({ follow: true }, stop.signal);
  await lines.next();
  const next = lines.next();
  stop.abort();
  assert.equal((await next).done, true);
});

Deno.test("ContainerLog drops its oldest lines when there is too much, and readers go on", async () => {
  const log = new ContainerLog(40);
  for (let i = 0; i < 4; i++) log.append({ atMs: 0, text: `line ${i}...` });
  const reader = log.read({ follow: true }, never);
  const { value: first } = await reader.next();
  for (let i = 4; i < 20; i++) log.append({ atMs: 0, text: `line ${i}...` });
  log.close();
  const rest: string[] = [];
  for await (const chunk of reader) rest.push(new TextDecoder().decode(chunk));
  assert.equal(first && new TextDecoder().decode(first), "line 0...\n");
  assert.deepEqual(rest.slice(-2), ["line 18...\n", "line 19...\n"]);
  assert.ok(rest.join("").length <= 40, rest.join(""));
});

Deno.test("ContainerLog.tail() is the end of the last lines", () => {
  const log = logOf("first", "second", "third");
  assert.equal(log.tail(2, 100), "second\nthird");
  assert.equal(log.tail(2, 8), "nd\nthird");
});
