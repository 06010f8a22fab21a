/** Cleans up after a test that is cut off: by Ctrl-C, by SIGKILL, or by an error that nobody caught. */

/**
 * What is done when whoever started it ends without having disposed of it. It is a process that waits for the end of its
 * input, which the kernel closes whatever ends a process, and Deno with a file of tests that an error ends.
 */
export class Guard implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess) {
    this.#process = process;
  }

  /** Starts it; the script of the shell gets the arguments as `$1` and so on. */
  static start(script: string, ...args: readonly string[]): Guard {
    // Ctrl-C is for all processes of a terminal: this one must outlive it.
    const whole = `trap '' INT TERM HUP; read -r _ && exit; ${script}`;
    const process = new Deno.Command("sh", {
      args: ["-c", whole, "guard", ...args],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    return new Guard(process);
  }

  /** Calls it off. */
  async [Symbol.asyncDispose](): Promise<void> {
    const writer = this.#process.stdin.getWriter();
    await writer.write(new TextEncoder().encode("\n"));
    await writer.close();
    await this.#process.status;
  }
}
