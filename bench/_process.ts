/** Processes that take part in a benchmark. */

import { type Usage, usage } from "./_usage.ts";

/** A process that runs until it ends or is disposed of. */
export class Process implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#lines = linesOf(child.stdout);
  }

  /** Starts a program, with `env` besides what is there; what it writes to standard error is shown. */
  static start(
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Process {
    const command = new Deno.Command(file, {
      args: [...args],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    });
    return new Process(command.spawn());
  }

  /** Resolves when it has ended. */
  get ended(): Promise<void> {
    return this.#child.status.then(() => {});
  }

  /** The next line of its standard output. */
  async line(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`Process ${this.#child.pid} of the benchmark has ended`);
    return value;
  }

  /** Sends one line to its standard input. */
  async tell(line: string): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(`${line}\n`));
    writer.releaseLock();
  }

  /** Holds it up; {@linkcode Process.resume} lets it go on. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  /** Lets it go on. */
  resume(): void {
    this.#child.kill("SIGCONT");
  }

  /** What it has used so far. */
  async usage(): Promise<Usage> {
    return await usage(this.#child.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await Promise.all([this.#child.status, this.#child.stdin.abort().catch(() => {})]);
    await this.#lines.return?.();
  }
}

/** Resolves after some time. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The lines of a stream of bytes. */
export async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, void, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/**
 * Runs a program to its end.
 *
 * @throws {Error} with what it wrote, if it fails
 */
export async function run(file: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(file, { args: [...args] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
}
