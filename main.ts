/** From argv to a command: owns the signals and the exit code, nothing else. */

import type { CommandIo, Interrupted as InterruptedError } from "./lib/cli/mod.ts";

/** What asks the program to stop. SIGHUP: the terminal was closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type SignalName = InterruptedError["signalName"];

/** Signals within this time are one, in ms: a Ctrl-C comes from the terminal, and once more from `deno task`. */
const SAME_SIGNAL_MS = 500;

/** Runs the program in this process: the first SIGINT or SIGTERM asks it to stop, the second ends it at once. */
async function main(): Promise<number> {
  // The first process of a container is deaf to a signal until it listens, and loading takes longer than all before it.
  let early: SignalName | undefined;
  let hear = (name: SignalName): void => void (early ??= name);
  for (const name of SIGNALS) Deno.addSignalListener(name, () => hear(name));
  const { giveUp, INTERRUPTED, Interrupted, runProgram } = await import("./lib/cli/mod.ts");

  const stop = new AbortController();
  let askedAtMs = Number.NEGATIVE_INFINITY;
  hear = (name) => {
    const again = stop.signal.aborted && performance.now() - askedAtMs > SAME_SIGNAL_MS;
    if (again) Deno.exit(INTERRUPTED);
    if (stop.signal.aborted) return;
    askedAtMs = performance.now();
    stop.abort(new Interrupted(name));
  };
  if (early) hear(early);

  const isTerminal = Deno.stdout.isTerminal();
  const encoder = new TextEncoder();
  const io: CommandIo = {
    out: (text) => {
      const isRead = writeAll(Deno.stdout, encoder.encode(text));
      if (!isRead) hear("SIGPIPE");
    },
    err: (text) => void writeAll(Deno.stderr, encoder.encode(text)),
    isTerminal,
    color: isTerminal && !Deno.env.get("NO_COLOR"),
    size: () => isTerminal ? Deno.consoleSize() : { columns: 80, rows: 24 },
    env: (name) => Deno.env.get(name),
    giveUp,
    signal: stop.signal,
  };
  return await runProgram(Deno.args, io);
}

/** Writes synchronously, so that nothing is lost when the process exits; returns whether there is still a reader. */
function writeAll(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): boolean {
  try {
    for (let done = 0; done < bytes.length;) done += writeSome(stream, bytes.subarray(done));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}

/** How many bytes were taken: none while a pipe that must not block is full. */
function writeSome(
  stream: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): number {
  try {
    return stream.writeSync(bytes);
  } catch (error) {
    if (!(error instanceof Deno.errors.WouldBlock)) throw error;
    // The reader needs a moment; nothing else may run in between, or lines would mix.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return 0;
  }
}

if (import.meta.main) Deno.exit(await main());
