/** Compiled programs that take part in a benchmark. */

import { usage } from "./_usage.ts";

/** A compiled program that runs until it ends or is disposed of. */
export class Program implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;

  /** Starts it; what it writes is thrown away. */
  // A program that runs is what this is: starting it later would be part of what is measured.
  constructor(file: string, args: readonly string[]) {
    this.#child = new Deno.Command(file, {
      args: [...args],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  /** Resolves when it has ended. */
  get ended(): Promise<void> {
    return this.#child.status.then(() => {});
  }

  /** Its resident memory, in MB. */
  async rssMb(): Promise<number> {
    return (await usage(this.#child.pid)).rssMb;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#child.status;
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
