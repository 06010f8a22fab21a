/** A runtime whose containers do what a test tells them. */

import type {
  ContainerConfig,
  ContainerExit,
  ExecResult,
  RunningContainer,
  Runtime,
} from "../../../lib/embedded/kubelet/runtime.ts";

/** What a command in a container comes to. */
export type ExecScript = (command: readonly string[], signal: AbortSignal) => Promise<ExecResult>;

/** One instance of a container. */
export class ScriptedContainer implements RunningContainer {
  readonly id: string;
  readonly config: ContainerConfig;
  readonly exited: Promise<ContainerExit>;
  /** Signals that it got while it ran. */
  readonly signals: string[] = [];
  /** Commands that were run in it. */
  readonly commands: string[] = [];
  /** Whether it runs. */
  running = true;
  /** What it does on SIGTERM: ends with this code, or goes on if there is none. */
  exitCodeOnTerm: number | undefined = 0;
  readonly #runtime: ScriptedRuntime;
  readonly #exit = Promise.withResolvers<ContainerExit>();

  constructor(config: ContainerConfig, number: number, runtime: ScriptedRuntime) {
    this.id = `scripted://${number}`;
    this.config = config;
    this.#runtime = runtime;
    this.exited = this.#exit.promise;
  }

  async exec(command: readonly string[], signal: AbortSignal): Promise<ExecResult> {
    this.commands.push(command.join(" "));
    return await this.#runtime.exec(command, signal);
  }

  kill(signal: "SIGTERM" | "SIGKILL"): void {
    if (!this.running) return;
    this.signals.push(signal);
    if (signal === "SIGKILL") this.end(137);
    else if (this.exitCodeOnTerm !== undefined) this.end(this.exitCodeOnTerm);
  }

  /** Ends it. */
  end(exitCode: number): void {
    this.running = false;
    this.#exit.resolve({ exitCode });
  }
}

/** Starts scripted containers, and fails when there are two instances of one container at once. */
export class ScriptedRuntime implements Runtime {
  readonly name = "scripted";
  /** All instances, in the order of their starts. */
  readonly containers: ScriptedContainer[] = [];
  /** What commands come to; success if a test does not say otherwise. */
  exec: ExecScript = () => Promise.resolve({ exitCode: 0, output: "" });
  /** Called for each start, before it: may throw, wait, or change nothing. */
  beforeStart: (config: ContainerConfig, signal: AbortSignal) => Promise<void> | void = () => {};
  /** Called for each new instance. */
  onStart: (container: ScriptedContainer) => void = () => {};

  async start(config: ContainerConfig, signal: AbortSignal): Promise<RunningContainer> {
    await this.beforeStart(config, signal);
    const twin = this.containers.find((other) =>
      other.running && other.config.pod.uid === config.pod.uid && other.config.name === config.name
    );
    if (twin) throw new Error(`Cannot start ${config.name}: ${twin.id} still runs`);
    const container = new ScriptedContainer(config, this.containers.length + 1, this);
    this.containers.push(container);
    this.onStart(container);
    return container;
  }

  /** The instance that was started last. */
  get last(): ScriptedContainer {
    const container = this.containers.at(-1);
    if (!container) throw new Error("No container has been started");
    return container;
  }
}
