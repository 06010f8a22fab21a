/** Runs containers as processes of this machine, each with its pod's address and its own view of the mounted files. */

import { join } from "node:path";

import { onAbort } from "../../time/mod.ts";
import { copyConfig, findProgram, pathsOf, startError } from "./_host_files.ts";
import { messageOf } from "./_message_of.ts";
import { type RunningProcess, startProcess } from "./_process.ts";
import { type HostMapping, mapText } from "./host_mapping.ts";
import {
  type ContainerConfig,
  ContainerStartError,
  type ExecResult,
  type RunningContainer,
  type Runtime,
} from "./runtime.ts";

/** Output of a command that is kept, in characters; more is read and dropped. */
const MAX_EXEC_OUTPUT = 64 * 1024;

/** How a {@linkcode ProcessRuntime} finds programs. */
export interface ProcessRuntimeOptions {
  /**
   * Folders of programs, separated by colons; a container may have a `PATH` of its own.
   *
   * @default {that of this process}
   */
  readonly path?: string;
}

/**
 * The image of a container is not used: its command must be installed on this machine. `host_mapping.ts` says how
 * paths and addresses become those of the machine.
 */
export class ProcessRuntime implements Runtime {
  /** Shown as the container runtime of the node. */
  readonly name = "process";
  readonly #options: ProcessRuntimeOptions;

  /** Keeps its options. */
  constructor(options: ProcessRuntimeOptions = {}) {
    this.#options = options;
  }

  /** Starts the container's command. */
  async start(container: ContainerConfig, signal: AbortSignal): Promise<RunningContainer> {
    if (container.command.length === 0) {
      const message = `no command is given, and there is no image '${container.image}' to ask`;
      throw new ContainerStartError("CreateContainerError", message);
    }
    const mapping: HostMapping = {
      paths: pathsOf(container.mounts, container.hostDir),
      address: container.ip,
    };
    const home = join(container.hostDir, "home");
    await Deno.mkdir(home, { recursive: true });
    await copyConfig(container.mounts, mapping);
    const env: Record<string, string> = {
      PATH: this.#options.path ?? Deno.env.get("PATH") ?? "",
      HOME: home,
      ...Object.fromEntries(
        Object.entries(container.env).map(([name, value]) => [name, mapText(value, mapping)]),
      ),
    };
    const { workingDir } = container;
    const cwd = workingDir ? mapText(workingDir, mapping) : home;
    const place: Place = { mapping, env, cwd };
    const process = await launch(container.command, place, container.log, signal);
    return new ProcessContainer(process, place);
  }
}

/** What all commands of one container have in common. */
interface Place {
  readonly mapping: HostMapping;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

async function launch(
  command: readonly string[],
  { mapping, env, cwd }: Place,
  line: (text: string) => void,
  signal: AbortSignal,
): Promise<RunningProcess> {
  const [name = "", ...args] = command;
  const program = await findProgram(name, env.PATH ?? "", mapping);
  signal.throwIfAborted();
  try {
    const mapped = args.map((arg) => mapText(arg, mapping));
    return startProcess({ program, args: mapped, env, cwd, line });
  } catch (cause) {
    throw startError(`exec: ${JSON.stringify(name)}: ${messageOf(cause)}`, cause);
  }
}

class ProcessContainer implements RunningContainer {
  readonly id: string;
  readonly exited: RunningContainer["exited"];
  readonly #process: RunningProcess;
  readonly #place: Place;
  readonly #commands = new Set<RunningProcess>();
  #hasExited = false;

  constructor(process: RunningProcess, place: Place) {
    this.#process = process;
    this.#place = place;
    this.id = `process://${process.pid}`;
    this.exited = process.exited.then((exit) => {
      // As in a container: nothing outlives its first process.
      this.#hasExited = true;
      for (const command of this.#commands) command.kill("SIGKILL");
      return exit;
    });
  }

  async exec(command: readonly string[], signal: AbortSignal): Promise<ExecResult> {
    let output = "";
    const line = (text: string): void => {
      if (output.length < MAX_EXEC_OUTPUT) output += `${text}\n`;
    };
    const process = await launch(command, this.#place, line, signal);
    using _ = onAbort(signal, () => process.kill("SIGKILL"));
    if (this.#hasExited) process.kill("SIGKILL");
    this.#commands.add(process);
    try {
      const { exitCode } = await process.exited;
      signal.throwIfAborted();
      return { exitCode, output };
    } finally {
      this.#commands.delete(process);
    }
  }

  kill(signal: "SIGTERM" | "SIGKILL"): void {
    this.#process.kill(signal);
  }
}
