/** Follows the documentation by the letter: runs its commands in a shell, with what a machine of a reader has. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The blocks of commands (`sh`) below a heading, up to the next heading of its level or above. */
export async function commandsOf(document: string, heading: string): Promise<readonly string[]> {
  const text = await Deno.readTextFile(`${ROOT}${document}`);
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const start = text.indexOf(`\n${heading}\n`);
  assert.ok(start >= 0, `${document} has no '${heading}'`);
  const rest = text.slice(start + heading.length + 1);
  const end = rest.search(new RegExp(`^#{1,${level}} `, "m"));
  const section = end < 0 ? rest : rest.slice(0, end);
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

/** What a {@linkcode Shell} is made of. */
export interface ShellOptions {
  /** The kubeconfig that the commands find. */
  readonly kubeconfig: string;
  /** Shell scripts of programs that are not on this machine, by name; nothing is what they do if they are empty. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Further arguments of tasks and commands of the program, for what this cluster lacks. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** A checkout in which commands run: its files, and programs in place of those that take minutes. */
export class Shell implements AsyncDisposable {
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#env = env;
  }

  /** Lays it out. */
  static async open({ kubeconfig, programs = {}, extra = {} }: ShellOptions): Promise<Shell> {
    const folder = await Deno.makeTempDir({ prefix: "shell-" });
    for (const name of ["bin", "dist", "home"]) await Deno.mkdir(`${folder}/${name}`);
    await Deno.symlink(`${ROOT}manifests`, `${folder}/manifests`);
    const program = `exec '${Deno.execPath()}' run -A --quiet '${ROOT}main.ts' "$@"`;
    const scripts = {
      ...programs,
      deno: denoScript(extra),
      "bitcoin-controller": program,
    };
    for (const [name, script] of Object.entries(scripts)) {
      await writeScript(`${folder}/bin/${name}`, script);
    }
    await writeScript(`${folder}/dist/bitcoin-controller`, program);
    return new Shell(folder, {
      PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
      KUBECONFIG: kubeconfig,
      KUBECACHEDIR: `${folder}/home/cache`,
      NO_COLOR: "1",
    });
  }

  /** Runs commands one after the other; all of them have to work. Returns what they printed. */
  async run(commands: string): Promise<string> {
    const { code, stdout, stderr } = await this.#command(commands).output();
    const decoder = new TextDecoder();
    const said = decoder.decode(stdout);
    assert.equal(code, 0, `${commands}\n${said}\n${decoder.decode(stderr)}`);
    return said;
  }

  /** Runs commands that go on until they are interrupted, as Ctrl-C would, while the test does something else. */
  async during(commands: string, test: () => Promise<void>): Promise<string> {
    const child = this.#command(commands).spawn();
    const output = child.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    let failure: unknown;
    try {
      await Promise.race([
        test(),
        output.then(({ stderr }) => Promise.reject(new Error(`It ended:\n${text(stderr)}`))),
      ]);
    } catch (error) {
      failure = error;
    }
    await this.#interrupt();
    const { stderr } = await output;
    if (failure !== undefined) throw new Error(text(stderr), { cause: failure });
    return text(stderr);
  }

  /** A shell hands Ctrl-C to its children by the terminal, which is not there; so the program is told itself. */
  async #interrupt(): Promise<void> {
    const pid = await Deno.readTextFile(`${this.#folder}/running`).catch(() => undefined);
    try {
      if (pid !== undefined) Deno.kill(Number(pid), "SIGINT");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  #command(commands: string): Deno.Command {
    return new Deno.Command("bash", {
      args: ["-euo", "pipefail", "-c", commands],
      cwd: this.#folder,
      env: { ...this.#env, SHELL_FOLDER: this.#folder },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function writeScript(path: string, script: string): Promise<void> {
  await Deno.writeTextFile(path, `#!/bin/bash\n${script}\n`, { mode: 0o755 });
}

/** `deno task NAME`: what deno.json says, but that a build takes minutes, and other tests have it. */
function denoScript(extra: Readonly<Record<string, readonly string[]>>): string {
  const cases = Object.entries(config.tasks).map(([name, { command }]) => {
    const direct = command.replace(/^deno /, `'${Deno.execPath()}' `);
    const more = (extra[name] ?? []).join(" ");
    return `${name}) cd '${ROOT}'; exec ${direct} "$@" ${more};;`;
  });
  return [
    '[ "$1" = task ] || exit 64; name="$2"; shift 2',
    'echo $$ > "$SHELL_FOLDER/running"',
    'case "$name" in',
    "build|image) exit 0;;",
    ...cases.filter((line) => /^(dev|kind)\)/.test(line)),
    "*) exit 64;;",
    "esac",
  ].join("\n");
}
