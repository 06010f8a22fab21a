/**
 * A containerd of a test's own: in a mount and a process namespace of its own, with all its files in one folder. When
 * the first process there ends, so do all others, and with the last of them go their mounts.
 */

import { eventually } from "../support/eventually.ts";
import { childOf, type Output, output, removeCgroups } from "./_machine.ts";

/** How long containerd gets to start and to end, in ms. */
const WITHIN_MS = 20_000;

/** Where the programs are. */
export interface ContainerdPrograms {
  readonly containerd: string;
  readonly ctr: string;
  readonly unshare: string;
  readonly nsenter: string;
}

/** A containerd that runs from {@linkcode Containerd.start} until it is disposed of, also after a failed test. */
export class Containerd implements AsyncDisposable {
  /** Namespace of its containers, and name of their control group: unlike that of any other. */
  readonly namespace = `bitcoin-controller-ship-${crypto.randomUUID().slice(0, 8)}`;
  readonly #programs: ContainerdPrograms;
  /** The folder with its files. */
  readonly folder: string;
  readonly #outside: Deno.ChildProcess;
  #pid = 0;

  private constructor(programs: ContainerdPrograms, folder: string, outside: Deno.ChildProcess) {
    this.#programs = programs;
    this.folder = folder;
    this.#outside = outside;
  }

  /**
   * Starts it, and waits until it answers.
   *
   * @throws {Error} if it does not; nothing is left then
   */
  static async start(programs: ContainerdPrograms): Promise<Containerd> {
    const folder = await Deno.makeTempDir({ prefix: "containerd-" });
    await Deno.writeTextFile(`${folder}/config.toml`, configuration(folder));
    const containerd = new Containerd(programs, folder, spawn(programs, folder));
    await using resources = new globalThis.AsyncDisposableStack();
    resources.use(containerd);
    await containerd.#ready();
    resources.move();
    return containerd;
  }

  /** Runs `ctr`; its output. */
  async ctr(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await output(this.ctrCommand(args));
    if (code !== 0) throw new Error(`Cannot do \`ctr ${args.join(" ")}\`: ${stderr}`);
    return stdout;
  }

  /** `ctr` with these arguments, to be run. */
  ctrCommand(args: readonly string[]): Deno.Command {
    const { nsenter, ctr } = this.#programs;
    const own = [ctr, "--address", `${this.folder}/socket`, "--namespace", this.namespace];
    return new Deno.Command(nsenter, {
      args: ["--target", `${this.#pid}`, "--mount", "--pid", ...own, ...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** The folder in `/proc` of a process, by the ID that it has for `ctr`. */
  procOf(pid: number): string {
    return `/proc/${this.#pid}/root/proc/${pid}`;
  }

  /** Ends all containers and containerd itself, and removes all their files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#outside.stdin.close().catch(() => {
      // It has ended by itself.
    });
    await this.#outside.status;
    await removeCgroups(this.namespace);
    await Deno.remove(this.folder, { recursive: true });
  }

  async #ready(): Promise<void> {
    let last: Output | undefined;
    try {
      await eventually(async () => {
        this.#pid ||= await childOf(this.#outside.pid) ?? 0;
        if (this.#pid === 0) return false;
        last = await output(this.ctrCommand(["version"]));
        return last.code === 0;
      }, { what: "containerd to answer", timeoutMs: WITHIN_MS });
    } catch (cause) {
      const log = await Deno.readTextFile(logOf(this.folder)).catch(() => "");
      throw new Error(`containerd does not start:\n${last?.stderr ?? ""}\n${log}`, { cause });
    }
  }
}

function spawn({ unshare, containerd }: ContainerdPrograms, folder: string): Deno.ChildProcess {
  // Its shims have sockets in /run, whatever its configuration says: they get a /run that nobody else sees. The shell
  // ends with the test, however that ends: then nobody holds the other end of its input.
  const script =
    `mount -t tmpfs tmpfs /run && { "$0" --config "$1" >"$2" 2>&1 </dev/null & read -r _; }`;
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const shell = ["sh", "-c", script, containerd, `${folder}/config.toml`, logOf(folder)];
  return new Deno.Command(unshare, {
    args: [...namespaces, ...shell],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

function logOf(folder: string): string {
  return `${folder}/log`;
}

/** What is not needed, and what wants to write elsewhere, is off. */
function configuration(folder: string): string {
  return `version = 2
root = "${folder}/root"
state = "${folder}/state"
disabled_plugins = [
  "io.containerd.grpc.v1.cri",
  "io.containerd.internal.v1.opt",
  "io.containerd.internal.v1.tracing",
]
[grpc]
  address = "${folder}/socket"
[ttrpc]
  address = "${folder}/socket.ttrpc"
`;
}
