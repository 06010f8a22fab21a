/** Knows which containers run, whatever runs them: for faults that only the owner of a machine can cause. */

import type { ContainerConfig, RunningContainer, Runtime } from "./kubelet/mod.ts";

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
  readonly #running = new Map<RunningContainer, TrackedContainer>();

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
    const container = await this.#inner.start(config, signal);
    const { pod: { namespace, name: pod }, name } = config;
    this.#running.set(container, { namespace, pod, name, id: container.id });
    void container.exited.then(() => this.#running.delete(container));
    return container;
  }

  /** Ends the containers that match at once, as the kernel would; returns how many those were. */
  kill(matches: (container: TrackedContainer) => boolean): number {
    const victims = [...this.#running].filter(([, tracked]) => matches(tracked));
    for (const [container] of victims) container.kill("SIGKILL");
    return victims.length;
  }
}
