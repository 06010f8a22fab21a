/** Runs bitcoind containers inside this process: nothing has to be installed. */

import { basename } from "node:path";
import { abortable, type Clock, systemClock } from "../../time/mod.ts";
import {
  type ContainerConfig,
  type ContainerExit,
  ContainerStartError,
  type ExecResult,
  type RunningContainer,
  type Runtime,
} from "../kubelet/runtime.ts";
import { runCli } from "./cli.ts";
import { readCommand } from "./command.ts";
import { ContainerFiles } from "./container_files.ts";
import { FakeBitcoind, KILLED } from "./fake_bitcoind.ts";
import { logLine } from "./node_log.ts";
import { readSettings } from "./settings.ts";
import { StartupError } from "./startup_error.ts";
import { FakeBitcoinWire } from "./wire.ts";

/** How a {@linkcode FakeBitcoinRuntime} behaves. */
export interface FakeBitcoinRuntimeOptions {
  /**
   * Time source of all nodes.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * How long a node answers after its start that it is not ready (code -28), in ms.
   *
   * @default {200, about what a small real one takes}
   */
  readonly warmUpMs?: number;
  /**
   * Random number from 0 up to 1, which tells the blocks of one node from those of another.
   *
   * @default {Math.random}
   */
  readonly random?: () => number;
}

/** A node that runs, for faults that only the owner of a machine can cause. */
export interface FakeNode {
  /** Stops it from reacting, as SIGSTOP does: nothing is answered, and connections stay up as far as others can tell. */
  freeze(): void;
  /** Ends {@linkcode FakeNode.freeze}, as SIGCONT does. */
  thaw(): void;
}

/** Runs `bitcoind` as a {@linkcode FakeBitcoind}, `bitcoin-cli` in its container, and nothing else. */
export class FakeBitcoinRuntime implements Runtime {
  /** Shown as the container runtime of the node. */
  readonly name = "fake-bitcoin";
  readonly #options: Required<FakeBitcoinRuntimeOptions>;
  readonly #wire: FakeBitcoinWire;
  readonly #nodes = new Map<string, FakeBitcoind>();
  #starts = 0;

  /** Keeps its options. */
  constructor(options: FakeBitcoinRuntimeOptions = {}) {
    const { clock = systemClock, warmUpMs = 200, random = Math.random } = options;
    this.#options = { clock, warmUpMs, random };
    this.#wire = new FakeBitcoinWire(clock);
  }

  /** What DNS says to the nodes: addresses of host names, which anybody may change. */
  get hosts(): Map<string, string> {
    return this.#wire.hosts;
  }

  /** The node that runs at an address. */
  nodeAt(ip: string): FakeNode | undefined {
    return this.#nodes.get(ip);
  }

  /** Starts a node. What is wrong with its options it says in its log, and it exits with 1, as a real one does. */
  async start(container: ContainerConfig, signal: AbortSignal): Promise<RunningContainer> {
    const [program = "", ...args] = container.command;
    if (basename(program) !== "bitcoind") throw cannotRun(program, "bitcoind");
    const files = new ContainerFiles(container);
    const id = `${this.name}://${++this.#starts}`;
    let node: FakeBitcoind;
    try {
      node = await this.#prepare(container, args, files);
    } catch (error) {
      if (!(error instanceof StartupError)) throw error;
      for (const line of `Error: ${error.message}`.split("\n")) container.log(line);
      return new FakeContainer(id, files, undefined, Promise.resolve({ exitCode: 1 }));
    }
    signal.throwIfAborted();
    return new FakeContainer(id, files, node, this.#run(node, container.ip));
  }

  async #prepare(
    { ip, log }: ContainerConfig,
    args: readonly string[],
    files: ContainerFiles,
  ): Promise<FakeBitcoind> {
    const { clock } = this.#options;
    const { options, rest, dataFolder, unknown } = await readCommand("bitcoind", args, files);
    if (rest[0] !== undefined) {
      throw new StartupError(
        `Command line contains unexpected token '${
          rest[0]
        }', see bitcoind -h for a list of options.`,
      );
    }
    const settings = readSettings(options, ip);
    const folder = files.hostPath(dataFolder);
    await Deno.mkdir(folder, { recursive: true });
    for (const name of unknown) {
      log(logLine(clock.now(), `[warning] Ignoring unknown configuration value ${name}`));
    }
    return new FakeBitcoind({
      ...this.#options,
      settings,
      address: ip,
      dataFolder: folder,
      wire: this.#wire,
      log,
    });
  }

  async #run(node: FakeBitcoind, ip: string): Promise<ContainerExit> {
    this.#nodes.set(ip, node);
    const exitCode = await node.run();
    if (this.#nodes.get(ip) === node) this.#nodes.delete(ip);
    return { exitCode };
  }
}

class FakeContainer implements RunningContainer {
  readonly id: string;
  readonly exited: Promise<ContainerExit>;
  readonly #files: ContainerFiles;
  readonly #node: FakeBitcoind | undefined;
  readonly #commands = new Set<PromiseWithResolvers<ExecResult>>();

  constructor(
    id: string,
    files: ContainerFiles,
    node: FakeBitcoind | undefined,
    exited: Promise<ContainerExit>,
  ) {
    this.id = id;
    this.#files = files;
    this.#node = node;
    this.exited = exited.then((exit) => {
      // As in a container: nothing outlives its first process.
      for (const { resolve } of this.#commands) resolve({ exitCode: KILLED, output: "" });
      return exit;
    });
  }

  async exec(command: readonly string[], signal: AbortSignal): Promise<ExecResult> {
    const [program = "", ...args] = command;
    if (basename(program) !== "bitcoin-cli") throw cannotRun(program, "bitcoin-cli");
    if (!this.#node) {
      throw new ContainerStartError("RunContainerError", "the container is not running");
    }
    signal.throwIfAborted();
    const killed = Promise.withResolvers<ExecResult>();
    this.#commands.add(killed);
    try {
      const run = runCli(args, this.#files, this.#node);
      return await abortable(Promise.race([run, killed.promise]), signal);
    } finally {
      this.#commands.delete(killed);
    }
  }

  kill(signal: "SIGTERM" | "SIGKILL"): void {
    if (signal === "SIGTERM") this.#node?.terminate();
    else this.#node?.kill();
  }
}

function cannotRun(program: string, only: string): ContainerStartError {
  return new ContainerStartError(
    "RunContainerError",
    `failed to start container: exec: ${JSON.stringify(program)}: only ${only} can run here, ` +
      "because no real bitcoind is used",
  );
}
