/** One program of a control plane: started, stopped, killed, started again. */

import { deadline } from "../../../lib/time/mod.ts";
import { Guard } from "../guard.ts";

/** How long a program gets to end after SIGTERM, in ms; then it is killed. */
const STOP_WITHIN_MS = 10_000;
/** How much of its output an error shows, in characters. */
const SHOWN_OUTPUT = 4_000;

/** What to run. */
export interface ComponentInit {
  /** Name for messages. */
  readonly name: string;
  /** Path of the program. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** File that its output is appended to. */
  readonly logFile: string;
  /**
   * Throws while it is not ready.
   *
   * @default {ready at once}
   */
  readonly probe?: (() => Promise<unknown>) | undefined;
}

/** A program with one process at a time. Disposing of it leaves none. */
export class Component implements AsyncDisposable {
  readonly #init: ComponentInit;
  #process: Deno.ChildProcess | undefined;
  #output: Promise<void> = Promise.resolve();
  #guard: Guard | undefined;

  /** Keeps its arguments; {@linkcode Component.start} starts it. */
  constructor(init: ComponentInit) {
    this.#init = init;
  }

  /** Starts a process; it may not be ready yet. */
  start(): void {
    const { name, program, args, logFile } = this.#init;
    if (this.#process) throw new TypeError(`Cannot start ${name}: it runs`);
    const process = new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#process = process;
    this.#guard = Guard.start('kill -9 "$1"', `${process.pid}`);
    this.#output = append(process.stderr, logFile);
  }

  /**
   * Resolves once it is ready.
   *
   * @throws {Error} if it ends before, or takes longer; the message has the end of its output
   */
  async ready(withinMs = 60_000): Promise<void> {
    const { name, probe } = this.#init;
    const process = this.#process;
    if (!process) throw new TypeError(`Cannot wait for ${name}: it does not run`);
    let ended: Deno.CommandStatus | undefined;
    void process.status.then((status) => ended = status);
    const end = performance.now() + withinMs;
    for (;;) {
      try {
        return void await probe?.();
      } catch (cause) {
        if (ended) throw new Error(`${name} ended with ${ended.code}:\n${await this.#tail()}`);
        if (performance.now() > end) {
          throw new Error(`${name} is not ready:\n${await this.#tail()}`, { cause });
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Sends a signal. */
  signal(signal: Deno.Signal): void {
    try {
      this.#process?.kill(signal);
    } catch {
      // It has ended by itself.
    }
  }

  /** Ends it with SIGTERM, or with SIGKILL when that takes too long. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    using limit = deadline(STOP_WITHIN_MS);
    limit.signal.addEventListener("abort", () => this.signal("SIGKILL"));
    await this.#gone();
  }

  /** Ends it with SIGKILL. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.#gone();
  }

  /** Same as {@linkcode Component.stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #gone(): Promise<void> {
    await this.#process?.status;
    await this.#guard?.[Symbol.asyncDispose]();
    this.#guard = undefined;
    await this.#output;
    this.#process = undefined;
  }

  async #tail(): Promise<string> {
    return (await Deno.readTextFile(this.#init.logFile)).slice(-SHOWN_OUTPUT);
  }
}

/** Appends what comes as soon as it comes: with `pipeTo()` nothing is in the file before the end. */
async function append(output: ReadableStream<Uint8Array>, path: string): Promise<void> {
  using file = await Deno.open(path, { append: true, create: true });
  for await (const bytes of output) {
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
  }
}
