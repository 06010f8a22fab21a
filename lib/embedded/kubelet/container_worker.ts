/** Looks after one container of a pod through all its runs: start, supervise, wait, start again. */

import type { Container, PodSpec } from "kubernetes-types/core/v1.d.ts";

import { abortable, type Clock } from "../../time/mod.ts";
import { pause } from "./_pause.ts";
import { messageOf } from "./_message_of.ts";
import { type StopSignals, superviseRun } from "./container_run.ts";
import { type ContainerSnapshot, notStarted, type Terminated } from "./container_state.ts";
import { ContainerLog } from "./logs.ts";
import type { ReportEvent } from "./pod_event.ts";
import { isRestarted } from "./pod_phase.ts";
import { afterRestart, type RestartBackoff, restartDelay } from "./restart_backoff.ts";
import {
  type ContainerConfig,
  ContainerStartError,
  type RunningContainer,
  type Runtime,
} from "./runtime.ts";

/** Wait before the next try when a container's configuration is not complete, in ms (kubelet `backOffPeriod`). */
const CONFIG_RETRY_MS = 10_000;
/** How much of the log becomes the message of a container that failed (API: `terminationMessagePolicy`). */
const MESSAGE_LINES = 80;
const MESSAGE_CHARACTERS = 2048;

/** What is needed to look after a container. */
export interface ContainerWorkerOptions {
  /** The container as the pod's spec has it. */
  readonly spec: Container;
  /** Init containers come before the others and are done when they succeed. */
  readonly role: "init" | "main";
  /** Restart policy of the pod. */
  readonly policy: PodSpec["restartPolicy"];
  /** `name_namespace(uid)` of the pod, for people. */
  readonly podLabel: string;
  /** Whether init containers come before it. */
  readonly initializing: boolean;
  /** Seconds that the pod gives its containers to end. */
  readonly graceSeconds: number;
  /** Starts it. */
  readonly runtime: Runtime;
  /** Time source. */
  readonly clock: Clock;
  /** Looks up what the run with this number needs; throws while something is missing. */
  readonly configure: (
    run: number,
    log: ContainerLog,
    signal: AbortSignal,
  ) => Promise<ContainerConfig>;
  /** Removes what a run has left; does not fail. */
  readonly cleanUp: (config: ContainerConfig) => Promise<void>;
  /** Tells people. */
  readonly report: ReportEvent;
  /** Told that the snapshot has changed. */
  readonly changed: () => void;
}

/** Runs one container; there is never more than one instance of it. */
export class ContainerWorker {
  readonly #options: ContainerWorkerOptions;
  #snapshot: ContainerSnapshot;
  #log: ContainerLog | undefined;
  #previousLog: ContainerLog | undefined;

  /** Creates a worker that has done nothing yet. */
  constructor(options: ContainerWorkerOptions) {
    const { spec, initializing } = options;
    this.#options = options;
    this.#snapshot = notStarted(spec.name, spec.image ?? "", initializing);
  }

  /** The container now. */
  get snapshot(): ContainerSnapshot {
    return this.#snapshot;
  }

  /** Output of the current or last run. */
  get log(): ContainerLog | undefined {
    return this.#log;
  }

  /** Output of the run before; while the container waits for its next run that is the last one. */
  get previousLog(): ContainerLog | undefined {
    return this.#snapshot.state.kind === "waiting" ? this.#log : this.#previousLog;
  }

  /** Runs the container until it is done or stopped; it does not run any more after that. */
  async run(signals: StopSignals): Promise<void> {
    const { policy, role, clock } = this.#options;
    const { stopping } = signals;
    let backoff: RestartBackoff | undefined;
    while (!stopping.aborted) {
      const end = await this.#runOnce(signals);
      if (!end) {
        await pause(clock, CONFIG_RETRY_MS, stopping);
        continue;
      }
      if (stopping.aborted || !isRestarted(policy, role, end.exitCode)) return;
      const delayMs = restartDelay(backoff, end.finishedAtMs);
      if (delayMs > 0 && await this.#backOff(end, delayMs, stopping)) return;
      backoff = afterRestart(backoff, end.finishedAtMs, clock.now());
      this.#set({ last: end, restartCount: this.#snapshot.restartCount + 1 });
    }
  }

  /** Waits before a restart; says whether the pod was stopped meanwhile. */
  async #backOff(end: Terminated, delayMs: number, stopping: AbortSignal): Promise<boolean> {
    const { spec, podLabel, clock, report } = this.#options;
    const before = this.#snapshot;
    const what = `restarting failed container ${spec.name} in pod ${podLabel}`;
    const message = `back-off ${delayMs / 1000}s ${what}`;
    report("Warning", "BackOff", `Back-off ${what}`);
    this.#set({ state: { kind: "waiting", reason: "CrashLoopBackOff", message }, last: end });
    const stopped = await pause(clock, delayMs, stopping);
    if (stopped) this.#set(before);
    return stopped;
  }

  /** One run from configuration to end; undefined if it did not come to a run, and the state says why. */
  async #runOnce(signals: StopSignals): Promise<Terminated | undefined> {
    const { role, configure, cleanUp } = this.#options;
    const log = new ContainerLog();
    let config: ContainerConfig;
    try {
      config = await configure(this.#snapshot.restartCount, log, signals.stopping);
    } catch (error) {
      return this.#cannotStart("CreateContainerConfigError", error, signals.stopping);
    }
    try {
      const started = await this.#start(config, log, signals);
      const end = started && "exited" in started
        ? await this.#supervise(started, config, signals)
        : started;
      const ready = role === "init" && end?.exitCode === 0;
      if (end) this.#set({ state: end, started: false, ready });
      return end;
    } finally {
      log.close();
      await cleanUp(config);
    }
  }

  async #start(
    config: ContainerConfig,
    log: ContainerLog,
    { stopping, killing }: StopSignals,
  ): Promise<RunningContainer | Terminated | undefined> {
    const { spec, runtime, report } = this.#options;
    report("Normal", "Pulled", `Container image "${spec.image}" already present on machine`);
    const start = runtime.start(config, stopping);
    try {
      const running = await abortable(start, killing);
      this.#useLog(log);
      return running;
    } catch (error) {
      // A start that comes too late must not leave anything running.
      start.then((running) => running.kill("SIGKILL"), () => {});
      const reason = error instanceof ContainerStartError ? error.reason : "CreateContainerError";
      this.#cannotStart(reason, error, stopping);
      if (reason !== "RunContainerError" || stopping.aborted) return undefined;
      this.#useLog(log);
      return this.#startFailure(messageOf(error));
    }
  }

  async #supervise(
    running: RunningContainer,
    config: ContainerConfig,
    signals: StopSignals,
  ): Promise<Terminated> {
    const { spec, role, graceSeconds, clock, report } = this.#options;
    const startedAtMs = clock.now();
    const containerId = running.id;
    report("Normal", "Created", `Created container: ${spec.name}`);
    report("Normal", "Started", `Started container ${spec.name}`);
    this.#set({ state: { kind: "running", startedAtMs }, containerId, started: false });
    const { exitCode } = await superviseRun({
      spec,
      running,
      ip: config.ip,
      graceSeconds,
      clock,
      health: ({ started, ready }) => this.#set({ started, ready: ready && role === "main" }),
      report,
    }, signals);
    const message = exitCode === 0 ? undefined : this.#failureMessage();
    return {
      kind: "terminated",
      exitCode,
      reason: exitCode === 0 ? "Completed" : "Error",
      ...(message && { message }),
      startedAtMs,
      finishedAtMs: clock.now(),
      containerId,
    };
  }

  #failureMessage(): string | undefined {
    if (this.#options.spec.terminationMessagePolicy !== "FallbackToLogsOnError") return undefined;
    return this.#log?.tail(MESSAGE_LINES, MESSAGE_CHARACTERS);
  }

  /** What containerd makes of a container whose command cannot be started. */
  #startFailure(message: string): Terminated {
    const finishedAtMs = this.#options.clock.now();
    const reason = "StartError";
    return { kind: "terminated", exitCode: 128, reason, message, startedAtMs: 0, finishedAtMs };
  }

  #cannotStart(reason: string, error: unknown, stopping: AbortSignal): undefined {
    if (stopping.aborted) return;
    const message = messageOf(error);
    this.#options.report("Warning", "Failed", `Error: ${message}`);
    this.#set({ state: { kind: "waiting", reason, message } });
  }

  #useLog(log: ContainerLog): void {
    this.#previousLog = this.#log;
    this.#log = log;
  }

  #set(change: Partial<ContainerSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#options.changed();
  }
}
