/** One process with all its descendants: started in a group of its own, its output read line by line, ended as a whole. */

import type { ContainerExit } from "./runtime.ts";

/** What to run. */
export interface ProcessSpec {
  /** Path of the program. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder to start in. */
  readonly cwd: string;
  /** Takes each line of its output. */
  readonly line: (text: string) => void;
}

/** A process that has been started. */
export interface RunningProcess {
  /** Its number. */
  readonly pid: number;
  /** How it ended, once its output is read to the end and its descendants are killed. */
  readonly exited: Promise<ContainerExit>;
  /** Sends a signal: `SIGTERM` to the process alone, `SIGKILL` to its descendants as well. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/** Longest piece of output that is one line, in characters (containerd cuts at 16 KiB). */
const MAX_LINE = 16 * 1024;

/** How long to wait for the end of the output of a process that ended, in ms: a descendant that left the group may hold it open. */
const OUTPUT_GRACE_MS = 1000;

/** Leaders of the groups that run now. */
const groups = new Set<number>();

/** Kills what still runs when this process exits without having ended it: after a second Ctrl-C, say. */
function killAllAtExit(): void {
  for (const leader of groups) send(-leader, "SIGKILL");
}

/**
 * Starts a process.
 *
 * It leads a session of its own: Ctrl-C in our terminal does not reach it, so that it is stopped in order and only by
 * us, and what it has started can be found again as its group.
 */
export function startProcess(spec: ProcessSpec): RunningProcess {
  const child = new Deno.Command(spec.program, {
    args: [...spec.args],
    env: { ...spec.env },
    clearEnv: true,
    cwd: spec.cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const { pid } = child;
  globalThis.addEventListener("unload", killAllAtExit); // A listener is only ever added once.
  groups.add(pid);
  const readers = [child.stdout, child.stderr].map((stream) => stream.getReader());
  const output = Promise.all(readers.map((reader) => readLines(reader, spec.line)));
  let ended = false;
  return {
    pid,
    exited: (async () => {
      const { code } = await child.status;
      ended = true;
      send(-pid, "SIGKILL");
      groups.delete(pid);
      const timer = setTimeout(() => {
        for (const reader of readers) reader.cancel().catch(() => {});
      }, OUTPUT_GRACE_MS);
      await output;
      clearTimeout(timer);
      return { exitCode: code };
    })(),
    kill(signal) {
      if (!ended) send(signal === "SIGKILL" ? -pid : pid, signal);
    },
  };
}

/** Sends a signal to a process, or to a group if the number is negative. */
function send(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    // Nothing of it is left, or it has become another user and is out of reach.
    const expected = [Deno.errors.NotFound, Deno.errors.PermissionDenied];
    if (!expected.some((type) => error instanceof type)) throw error;
  }
}

async function readLines(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  line: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for (let done = false; !done;) {
    const chunk = await reader.read();
    done = chunk.done;
    rest += done ? decoder.decode() : decoder.decode(chunk.value, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      for (const piece of pieces(text)) line(piece);
    }
    for (; rest.length > MAX_LINE; rest = rest.slice(MAX_LINE)) line(rest.slice(0, MAX_LINE));
  }
  if (rest) line(rest);
}

function pieces(text: string): string[] {
  const count = Math.max(1, Math.ceil(text.length / MAX_LINE));
  return Array.from({ length: count }, (_, i) => text.slice(i * MAX_LINE, (i + 1) * MAX_LINE));
}
