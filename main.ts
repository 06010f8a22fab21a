/** From argv to a command: owns the signals and the exit code, nothing else. */

import { type CommandIo, INTERRUPTED, Interrupted, runProgram } from "./lib/cli/mod.ts";

/** Runs the program in this process: the first SIGINT or SIGTERM asks it to stop, the second ends it at once. */
async function main(): Promise<number> {
  const stop = new AbortController();
  const onSignal = (name: Interrupted["signalName"]) => (): void => {
    if (stop.signal.aborted) Deno.exit(INTERRUPTED);
    stop.abort(new Interrupted(name));
  };
  // SIGHUP: the terminal was closed.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(name, onSignal(name));
  }

  const isTerminal = Deno.stdout.isTerminal();
  const encoder = new TextEncoder();
  const io: CommandIo = {
    out: (text) => writeAll(Deno.stdout, encoder.encode(text)),
    err: (text) => writeAll(Deno.stderr, encoder.encode(text)),
    isTerminal,
    color: isTerminal && !Deno.env.get("NO_COLOR"),
    size: () => isTerminal ? Deno.consoleSize() : { columns: 80, rows: 24 },
    env: (name) => Deno.env.get(name),
    signal: stop.signal,
  };
  return await runProgram(Deno.args, io);
}

/** Writes synchronously, so that nothing is lost when the process exits; a reader that went away is no error. */
function writeAll(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  try {
    for (let done = 0; done < bytes.length;) done += writeSome(stream, bytes.subarray(done));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
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
