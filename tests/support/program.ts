/** Runs the program as a person does, as a process of its own, and looks for what it leaves behind. */

import assert from "node:assert/strict";
import { deadline } from "../../lib/time/mod.ts";
import { usedSecrets } from "./secrets.ts";

/** A program that runs. */
export interface RunningProgram extends AsyncDisposable {
  /** Everything it has written to standard output so far. */
  readonly stdout: () => string;
  /** Everything it has written to standard error so far. */
  readonly stderr: () => string;
  /** Resolves once its standard output matches; throws if it ends before. */
  waitFor(pattern: RegExp): Promise<void>;
  /** Sends a signal. */
  kill(signal: Deno.Signal): void;
  /** Its exit code. */
  readonly exited: Promise<number>;
  /** Fails if a process or a file of the program is left. */
  assertNothingLeft(): Promise<void>;
}

/** How long to wait for a line, in ms. */
const WAIT_MS = 60_000;

const MAIN = new URL("../../main.ts", import.meta.url);

/** What a program is given besides its arguments. */
export interface Surroundings {
  /** Permissions that it does not have, as flags of Deno. @default {none} */
  readonly denied?: readonly string[];
  /** Whether its variables are those that are given here and no others. @default {false} */
  readonly clearEnv?: boolean;
}

/** Starts `main.ts` with these arguments, and a folder of its own for temporary files. */
export async function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { denied = [], clearEnv = false }: Surroundings = {},
): Promise<RunningProgram> {
  const folder = await Deno.makeTempDir({ prefix: "program-test-" });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...denied, "--quiet", decodeURIComponent(MAIN.pathname), ...args],
    env: clearEnv ? { ...env } : { TMPDIR: folder, NO_COLOR: "1", ...env },
    clearEnv,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const exited = Promise.all([child.status, out.ended, err.ended]).then(([{ code }]) => code);
  return {
    stdout: out.text,
    stderr: err.text,
    waitFor: (pattern) => waitFor(pattern, out, exited, err),
    kill: (signal) => child.kill(signal),
    exited,
    assertNothingLeft: () => assertNothingLeft(folder),
    async [Symbol.asyncDispose]() {
      await Promise.race([exited, Promise.resolve().then(() => tryKill(child))]);
      await exited;
      await Deno.remove(folder, { recursive: true });
      const leaks = usedSecrets.leaksIn({ stdout: out.text(), stderr: err.text() });
      assert.deepEqual(leaks, [], "the program wrote a secret");
    },
  };
}

interface Collected {
  readonly text: () => string;
  readonly ended: Promise<void>;
  onChange: () => void;
}

function collect(stream: ReadableStream<Uint8Array>): Collected {
  let text = "";
  const collected: Collected = { text: () => text, ended: Promise.resolve(), onChange: () => {} };
  const read = async (): Promise<void> => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
      collected.onChange();
    }
  };
  return Object.assign(collected, { ended: read() });
}

async function waitFor(
  pattern: RegExp,
  out: Collected,
  exited: Promise<number>,
  err: Collected,
): Promise<void> {
  const seen = new Promise<"seen">((resolve) => {
    out.onChange = () => {
      if (pattern.test(out.text())) resolve("seen");
    };
    out.onChange();
  });
  using limit = deadline(WAIT_MS);
  const late = new Promise<"late">((resolve) => {
    limit.signal.addEventListener("abort", () => resolve("late"), { once: true });
  });
  const end = await Promise.race([seen, exited, late]);
  const said = `${out.text()}\n${err.text()}`;
  assert.equal(
    end,
    "seen",
    `${end === "late" ? "late" : `ended with ${end}`}: ${pattern}\n${said}`,
  );
}

function tryKill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It is gone already.
  }
}

/** Processes whose command line names the folder, and files in it. */
async function assertNothingLeft(folder: string): Promise<void> {
  const files = [];
  for await (const { name } of Deno.readDir(folder)) files.push(name);
  assert.deepEqual(files, [], "files are left");
  const processes = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const command = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (command.includes(folder)) processes.push(command.replaceAll("\0", " "));
  }
  assert.deepEqual(processes, [], "processes are left");
}
