/** Knows which containers run, whatever runs them: for faults that only the owner of a machine can cause. */

import type {
  ContainerConfig,
  ContainerExit,
  ExecResult,
  RunningContainer,
  Runtime,
} from "./kubelet/mod.ts";

/** A container that runs. */
export interface TrackedContainer {
  /** Namespace of its pod. */
  readonly namespace: string;
  /** Name of its pod. */
  readonly pod: string;
  /** Name of the container within the pod. */
  readonly name: string;
  /** What the runtime calls it, such as `process://1234`. */
  readonly id: string;
}

/** Starts containers by another runtime and remembers them until they have ended. */
export class TrackingRuntime implements Runtime {
  /** Name of the other runtime. */
  readonly name: string;
  readonly #inner: Runtime;
  readonly #running = new Map<LosableContainer, TrackedContainer>();

  /** Keeps the runtime that does the work. */
  constructor(inner: Runtime) {
    this.name = inner.name;
    this.#inner = inner;
  }

  /** The containers that run now. */
  get running(): readonly TrackedContainer[] {
    return [...this.#running.values()];
  }

  /** Starts a container. */
  async start(config: ContainerConfig, signal: AbortSignal): Promise<RunningContainer> {
    const container = new LosableContainer(await this.#inner.start(config, signal));
    const { pod: { namespace, name: pod }, name } = config;
    this.#running.set(container, { namespace, pod, name, id: container.id });
    void container.exited.then(() => this.#running.delete(container));
    return container;
  }

  /**
   * Makes the kubelet believe that the containers that match have ended, while they go on, out of its reach: as when the
   * machine under them is cut off. Returns them; whoever loses them ends them.
   */
  lose(matches: (container: TrackedContainer) => boolean): readonly TrackedContainer[] {
    const lost = [...this.#running].filter(([, tracked]) => matches(tracked));
    for (const [container] of lost) container.lose();
    return lost.map(([, tracked]) => tracked);
  }

  /** Ends the containers that match at once, as the kernel would; returns how many those were. */
  kill(matches: (container: TrackedContainer) => boolean): number {
    const victims = [...this.#running].filter(([, tracked]) => matches(tracked));
    for (const [container] of victims) container.kill("SIGKILL");
    return victims.length;
  }
}

/** Exit status of a container that SIGKILL ended. */
const KILLED: ContainerExit = { exitCode: 137 };

/** A container that can be lost: then it counts as ended, and nothing reaches it any more. */
class LosableContainer implements RunningContainer {
  readonly id: string;
  readonly exited: Promise<ContainerExit>;
  readonly #inner: RunningContainer;
  readonly #lost = Promise.withResolvers<ContainerExit>();
  #isLost = false;

  constructor(inner: RunningContainer) {
    this.#inner = inner;
    this.id = inner.id;
    this.exited = Promise.race([inner.exited, this.#lost.promise]);
  }

  lose(): void {
    this.#isLost = true;
    this.#lost.resolve(KILLED);
  }

  exec(command: readonly string[], signal: AbortSignal): Promise<ExecResult> {
    return this.#inner.exec(command, signal);
  }

  kill(signal: "SIGTERM" | "SIGKILL"): void {
    if (!this.#isLost) this.#inner.kill(signal);
  }
}
