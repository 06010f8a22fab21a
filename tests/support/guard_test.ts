/** What is left of a test that is cut off. */

import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import { Guard } from "./guard.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const COMPONENT = new URL("control_plane/component.ts", import.meta.url).href;

/** Starts a component and never ends it. */
const PROGRAM = `
import { Component } from "${COMPONENT}";
const [logFile] = Deno.args;
const component = new Component({ name: "c", program: "sh", args: ["-c", "echo $$ >&2; exec sleep 1000"], logFile });
component.start();
setInterval(() => {}, 1000);
`;

for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
  Deno.test(`a component does not outlive the process that started it, when ${signal} ends that`, async () => {
    await using files = await temporaryFolder();
    await Deno.writeTextFile(`${files.path}/main.ts`, PROGRAM);
    const log = `${files.path}/log`;
    const program = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", `${files.path}/main.ts`, log],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const pid = await eventually(
      async () => Number(await Deno.readTextFile(log).catch(() => "")) || undefined,
      { what: "the component to run" },
    );
    program.kill(signal);
    await program.status;
    await eventually(() => !isThere(pid), { what: "the component to be gone" });
  });
}

Deno.test("a guard that was called off does nothing", async () => {
  await using files = await temporaryFolder();
  const kept = `${files.path}/kept`;
  await Deno.writeTextFile(kept, "");
  {
    await using _ = Guard.start('rm "$1"', kept);
  }
  assert.ok(await Deno.stat(kept));
});

/** Whether a process is there; one that has ended is, until its parent has noticed. */
function isThere(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}
