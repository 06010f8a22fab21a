/** What the kubelet asks of whatever runs its containers: a process on this machine, or a program inside this one. */

/** Runs containers. */
export interface Runtime {
  /** Name for `nodeInfo.containerRuntimeVersion`, such as `process`. */
  readonly name: string;
  /**
   * Starts one container.
   *
   * @throws {ContainerStartError} if it cannot be started
   * @throws the signal's reason if it is aborted before the container runs
   */
  start(container: ContainerConfig, signal: AbortSignal): Promise<RunningContainer>;
}

/** One container, with everything in it looked up and expanded. */
export interface ContainerConfig {
  /** The pod it belongs to. */
  readonly pod: PodIdentity;
  /** Name within the pod. */
  readonly name: string;
  /** Image as the spec names it. */
  readonly image: string;
  /** The command with its arguments, as the container sees them; empty if the image would name it. */
  readonly command: readonly string[];
  /** The environment as the container sees it. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder to start in, as the container sees it. */
  readonly workingDir?: string;
  /** Address of the pod. */
  readonly ip: string;
  /** Folder on this machine that is this container's alone and is removed after it. */
  readonly hostDir: string;
  /** What is mounted where. */
  readonly mounts: readonly ContainerMount[];
  /** Takes one line of the container's output, without its end. */
  readonly log: (line: string) => void;
}

/** Which pod. */
export interface PodIdentity {
  /** Namespace. */
  readonly namespace: string;
  /** Name within the namespace. */
  readonly name: string;
  /** UID, which tells it from an earlier pod of the same name. */
  readonly uid: string;
}

/** A file or folder of this machine that a container sees under another path. */
export interface ContainerMount {
  /** Absolute path inside the container. */
  readonly containerPath: string;
  /** Absolute path on this machine. */
  readonly hostPath: string;
  /**
   * Whether it holds text that came from the API (a Secret, say), so that a runtime may hand on a rewritten copy of it.
   *
   * @default {false}
   */
  readonly config?: boolean;
}

/** One instance of a container that has been started. */
export interface RunningContainer {
  /** Names this instance: `<runtime>://<id>`, such as `process://1234`. */
  readonly id: string;
  /** How it ended; never rejects. */
  readonly exited: Promise<ContainerExit>;
  /**
   * Runs a command in the container.
   *
   * @throws {ContainerStartError} if it cannot be started
   * @throws the signal's reason if it is aborted; the command is killed
   */
  exec(command: readonly string[], signal: AbortSignal): Promise<ExecResult>;
  /** Sends a signal; does nothing if it has ended. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/** How a container ended. */
export interface ContainerExit {
  /** Exit status; 128 and the signal's number if a signal ended it. */
  readonly exitCode: number;
}

/** How a command in a container ended. */
export interface ExecResult {
  /** Exit status. */
  readonly exitCode: number;
  /** What it wrote to standard output and standard error. */
  readonly output: string;
}

/** A container, or a command in one, cannot be started. */
export class ContainerStartError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "ContainerStartError";
  /** Reason for the container's status, such as `RunContainerError` or `ErrImagePull`. */
  readonly reason: string;

  /** Creates the error; `message` is shown in the container's status as it is. */
  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
