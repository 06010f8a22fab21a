/** The program as a process whose log is read, with a token in a file that somebody rotates. */

import { stringify } from "yaml";
import { type RunningProgram, startProgram } from "../support/program.ts";
import type { ControlPlane } from "../support/control_plane/mod.ts";

/** One line of the program's log. */
export interface ProgramLog {
  /** `INFO`, `WARN`, `ERROR`. */
  readonly level: string;
  /** The message. */
  readonly message: string;
  /** Its properties. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** `bitcoin-controller run` against a control plane, until it is disposed of. */
export class LoggedController implements AsyncDisposable {
  readonly #program: RunningProgram;
  readonly #folder: string;

  private constructor(program: RunningProgram, folder: string) {
    this.#program = program;
    this.#folder = folder;
  }

  /** Starts it with this token; with `server` it goes there in place of the API server itself. */
  static async start(
    plane: ControlPlane,
    token: string,
    server = plane.server,
  ): Promise<LoggedController> {
    const folder = await Deno.makeTempDir({ prefix: "controller-" });
    await Deno.writeTextFile(`${folder}/token`, token);
    await Deno.writeTextFile(`${folder}/ca.crt`, plane.authority.cert);
    const kubeconfig = stringify({
      "current-context": "test",
      clusters: [{ name: "test", cluster: { server, "certificate-authority": "ca.crt" } }],
      users: [{ name: "test", user: { tokenFile: "token" } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    });
    await Deno.writeTextFile(`${folder}/kubeconfig`, kubeconfig);
    const program = await startProgram([
      "run",
      `--kubeconfig=${folder}/kubeconfig`,
      "--peer-addresses=ip",
      "--poll=2",
      "--log-format=json",
    ]);
    return new LoggedController(program, folder);
  }

  /** Replaces its token. */
  async rotateToken(token: string): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/token.new`, token);
    await Deno.rename(`${this.#folder}/token.new`, `${this.#folder}/token`);
  }

  /** What it has logged so far, at level info and above. */
  get log(): readonly ProgramLog[] {
    const text = this.#program.stderr();
    // Every line is a record of its own; the last one may not be whole yet.
    return text.slice(0, text.lastIndexOf("\n") + 1).split("\n").filter((line) => line !== "")
      .map((line): ProgramLog => JSON.parse(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }
}
