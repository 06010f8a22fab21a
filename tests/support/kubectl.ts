/** The stock kubectl, with a home of its own and a kubeconfig for one server. */

import assert from "node:assert/strict";
import { join } from "node:path";

/** What a run of kubectl left behind. */
export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl against one server. */
export class Kubectl implements AsyncDisposable {
  readonly #program: string;
  readonly #home: string;
  readonly #env: Readonly<Record<string, string>>;

  /** Use {@linkcode openKubectl}. */
  constructor(program: string, home: string) {
    this.#program = program;
    this.#home = home;
    this.#env = {
      HOME: home,
      KUBECONFIG: join(home, "config"),
      KUBECACHEDIR: join(home, "cache"),
    };
  }

  /** Runs it to its end. */
  async run(args: readonly string[], env: Record<string, string> = {}): Promise<KubectlResult> {
    const command = new Deno.Command(this.#program, {
      args: [...args],
      env: { ...this.#env, ...env },
      stdin: "null",
    });
    const { code, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /** Runs it, which has to work, and returns what it printed. */
  async ok(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, env);
    assert.equal(code, 0, `kubectl ${args.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** Runs it, which has to fail, and returns what it complained about. */
  async fails(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    assert.notEqual(code, 0, `kubectl ${args.join(" ")}: ${stdout}`);
    return stderr;
  }

  /** Starts it and reads its output line by line, until it is disposed of. */
  follow(args: readonly string[]): KubectlLines {
    const command = new Deno.Command(this.#program, {
      args: [...args],
      env: this.#env,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    });
    return new KubectlLines(command.spawn());
  }

  /** Writes an object into a file that `-f` can read. */
  async file(name: string, object: unknown): Promise<string> {
    const path = join(this.#home, `${name}.json`);
    await Deno.writeTextFile(path, JSON.stringify(object));
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#home, { recursive: true });
  }
}

/** Prepares one for the server at this URL. */
export async function openKubectl(program: string, server: string): Promise<Kubectl> {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    users: [{ name: "test", user: {} }],
  };
  return await openKubectlWith(program, JSON.stringify(config));
}

/** Prepares one with the text of a kubeconfig. */
export async function openKubectlWith(program: string, kubeconfig: string): Promise<Kubectl> {
  const home = await Deno.makeTempDir({ prefix: "kubectl-" });
  await Deno.writeTextFile(join(home, "config"), kubeconfig, { mode: 0o600 });
  return new Kubectl(program, home);
}

/** The lines that a running kubectl prints. */
export class KubectlLines implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #buffer = "";

  constructor(process: Deno.ChildProcess) {
    this.#process = process;
    this.#reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next line; undefined at the end. */
  async next(): Promise<string | undefined> {
    while (!this.#buffer.includes("\n")) {
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#buffer += value;
    }
    const [line = "", ...rest] = this.#buffer.split("\n");
    this.#buffer = rest.join("\n");
    return line;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGTERM");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended already.
    }
    await this.#reader.cancel();
    await this.#process.status;
  }
}

/** The words of each line of a table. */
export function table(text: string): string[][] {
  return text.trim().split("\n").map((line) => line.trim().split(/\s{2,}/));
}
