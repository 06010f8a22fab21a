/** What the kubelet knows of the containers of a pod, as values that the pod's status is made of. */

/** It is not running, and why. */
export interface Waiting {
  /** Which state. */
  readonly kind: "waiting";
  /** Reason, such as `ContainerCreating` or `CrashLoopBackOff`. */
  readonly reason: string;
  /** For people. */
  readonly message?: string;
}

/** It runs. */
export interface Running {
  /** Which state. */
  readonly kind: "running";
  /** Since when, in ms since 1970. */
  readonly startedAtMs: number;
}

/** It ended. */
export interface Terminated {
  /** Which state. */
  readonly kind: "terminated";
  /** Exit status. */
  readonly exitCode: number;
  /** `Completed`, `Error` or `StartError`. */
  readonly reason: string;
  /** For people. */
  readonly message?: string;
  /** When it was started, in ms since 1970; zero if it never ran. */
  readonly startedAtMs: number;
  /** When it ended, in ms since 1970. */
  readonly finishedAtMs: number;
  /** Which instance; absent if it never ran. */
  readonly containerId?: string;
}

/** The state of a container. */
export type ContainerState = Waiting | Running | Terminated;

/** A container at one moment. */
export interface ContainerSnapshot {
  /** Name within the pod. */
  readonly name: string;
  /** Image as the spec names it. */
  readonly image: string;
  /** State of the current run, or of the wait for the next. */
  readonly state: ContainerState;
  /** How the run before ended. */
  readonly last?: Terminated;
  /** How many runs there were before. */
  readonly restartCount: number;
  /** Whether it runs and has passed its startup probe. */
  readonly started: boolean;
  /** Whether it has passed its readiness probe; for an init container, whether it has completed. */
  readonly ready: boolean;
  /** The current or last instance. */
  readonly containerId?: string;
}

/** A pod at one moment. */
export interface PodSnapshot {
  /** Its address, once it has one. */
  readonly ip?: string;
  /** Init containers, in the order of the spec. */
  readonly initContainers: readonly ContainerSnapshot[];
  /** Containers, in the order of the spec. */
  readonly containers: readonly ContainerSnapshot[];
  /** Whether it is over: nothing of it runs or will run again. */
  readonly finished: boolean;
}

/** The state of a container before anything has been done about it; `initializing` while init containers come first. */
export function notStarted(name: string, image: string, initializing: boolean): ContainerSnapshot {
  const reason = initializing ? "PodInitializing" : "ContainerCreating";
  const state: Waiting = { kind: "waiting", reason };
  return { name, image, state, restartCount: 0, started: false, ready: false };
}
