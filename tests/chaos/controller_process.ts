/** The controller under chaos: a process that is killed, frozen and started again. */

const MAIN = decodeURIComponent(new URL("../../main.ts", import.meta.url).pathname);

/** How much of its log an error shows, in characters. */
const SHOWN_LOG = 3_000;

/** One controller with one process at a time; disposing of it leaves none. */
export class ControllerProcess implements AsyncDisposable {
  readonly #kubeconfig: string;
  readonly #logFile: string;
  readonly #pollMs: number;
  #child: Deno.ChildProcess | undefined;
  #output: Promise<void> = Promise.resolve();
  #isMeant = false;

  /** Keeps its arguments; {@linkcode ControllerProcess.start} starts it. */
  constructor(kubeconfig: string, logFile: string, pollMs = 2_000) {
    this.#kubeconfig = kubeconfig;
    this.#logFile = logFile;
    this.#pollMs = pollMs;
  }

  /** Starts a process. */
  start(): void {
    const poll = String(this.#pollMs / 1000);
    const run = ["run", "--kubeconfig", this.#kubeconfig, "--peer-addresses", "ip", "--poll", poll];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", MAIN, ...run],
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const log = Deno.openSync(this.#logFile, { append: true, create: true });
    this.#child = child;
    this.#isMeant = false;
    this.#output = child.stderr.pipeTo(log.writable);
  }

  /**
   * Number of the process.
   *
   * @throws {TypeError} if there is none
   */
  get pid(): number {
    if (!this.#child) {
      throw new TypeError("Cannot name the process: the controller was not started");
    }
    return this.#child.pid;
  }

  /** Sends a signal. */
  signal(signal: Deno.Signal): void {
    this.#child?.kill(signal);
  }

  /** Ends it with SIGKILL. */
  async kill(): Promise<void> {
    this.#isMeant = true;
    try {
      this.#child?.kill("SIGKILL");
    } catch {
      // It has ended by itself, which `exited` tells.
    }
    await this.#child?.status;
    await this.#output;
  }

  /** Rejects if the process ends without having been killed. */
  async exited(): Promise<never> {
    for (;;) {
      const child = this.#child;
      const status = await child?.status;
      if (!this.#isMeant && child === this.#child) {
        throw new Error(`The controller ended with ${status?.code}:\n${await this.logTail()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** The end of what it has logged. */
  async logTail(): Promise<string> {
    return (await Deno.readTextFile(this.#logFile)).slice(-SHOWN_LOG);
  }

  /** Same as {@linkcode ControllerProcess.kill}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
