/** Runs one pod on this machine, from its volumes and its address to the last process of it. */

import { getLogger } from "@logtape/logtape";
import type { Container, Pod } from "kubernetes-types/core/v1.d.ts";
import { join } from "node:path";

import type { Stored } from "../../kube/mod.ts";
import type { Clock } from "../../time/mod.ts";
import { pause } from "./_pause.ts";
import { messageOf } from "./_message_of.ts";
import type { AddressAllocator } from "./addresses.ts";
import type { ConfigReader } from "./config_objects.ts";
import type { StopSignals } from "./container_run.ts";
import type { PodSnapshot } from "./container_state.ts";
import { ContainerWorker } from "./container_worker.ts";
import { configureContainer } from "./container_config.ts";
import { type ContainerLog, LogNotFoundError } from "./logs.ts";
import type { ReportEvent } from "./pod_event.ts";
import { gracePeriodSeconds } from "./pod_grace.ts";
import type { Runtime } from "./runtime.ts";
import { removeFolder, setUpVolumes } from "./volumes.ts";

const logger = getLogger(["bitcoin-controller", "embedded"]);

/** First and longest wait between tries to give a pod its volumes and its address, in ms. */
const PREPARE_RETRY_MS = { first: 500, longest: 10_000 } as const;

/** What a pod needs of its node. */
export interface PodWorkerOptions {
  /** The pod; it is run as it is here, later changes of its spec are ignored. */
  readonly pod: Readonly<Stored<Pod>>;
  /** Folder for everything of this pod; removed at its end. */
  readonly folder: string;
  /** Runs its containers. */
  readonly runtime: Runtime;
  /** Reads what it refers to. */
  readonly reader: ConfigReader;
  /** Gives it an address. */
  readonly addresses: AddressAllocator;
  /** Address of the node. */
  readonly hostIp: string;
  /** Time source. */
  readonly clock: Clock;
  /** Tells people. */
  readonly report: ReportEvent;
  /** Told that the snapshot has changed. */
  readonly changed: () => void;
}

/**
 * Runs one pod. Whatever goes wrong with it shows in its snapshot and its events and is tried again; nothing of it
 * touches another pod.
 */
export class PodWorker {
  /** UID of the pod. */
  readonly uid: string;
  /** When it was first seen, in ms since 1970. */
  readonly seenAtMs: number;
  readonly #options: PodWorkerOptions;
  readonly #init: readonly ContainerWorker[];
  readonly #main: readonly ContainerWorker[];
  readonly #stopping = new AbortController();
  readonly #killing = new AbortController();
  #killTimer = new AbortController();
  #killAtMs = Infinity;
  #ip: string | undefined;
  #finished = false;

  /** Creates a worker that has done nothing yet. */
  constructor(options: PodWorkerOptions) {
    const { metadata, spec } = options.pod;
    const init = spec?.initContainers ?? [];
    this.#options = options;
    this.uid = metadata.uid;
    this.seenAtMs = options.clock.now();
    this.#init = init.map((container) => this.#container(container, "init", false));
    this.#main = (spec?.containers ?? [])
      .map((container) => this.#container(container, "main", init.length > 0));
  }

  /** The pod now. */
  get snapshot(): PodSnapshot {
    return {
      ...(this.#ip && { ip: this.#ip }),
      initContainers: this.#init.map(({ snapshot }) => snapshot),
      containers: this.#main.map(({ snapshot }) => snapshot),
      finished: this.#finished,
    };
  }

  /** Runs the pod until it is done or stopped; never rejects. */
  async run(): Promise<void> {
    const signals = { stopping: this.#stopping.signal, killing: this.#killing.signal };
    try {
      await this.#prepare(signals.stopping);
      if (await this.#initialize(signals)) await this.#runAll(signals);
    } catch (error) {
      logger.error("Pod worker failed", { pod: this.#label, error });
      this.#options.report("Warning", "FailedSync", `Error: ${messageOf(error)}`);
    } finally {
      await this.#remove(this.#options.folder);
      if (this.#ip) this.#options.addresses.release(this.#ip);
      this.#killTimer.abort();
      this.#finished = true;
      this.#options.changed();
    }
  }

  /** Asks all containers to end, and kills them `graceMs` later; a second call can only bring that moment forward. */
  stop(graceMs: number): void {
    const { clock } = this.#options;
    const killAtMs = clock.monotonic() + graceMs;
    if (this.#finished || killAtMs >= this.#killAtMs) return;
    this.#killAtMs = killAtMs;
    this.#stopping.abort();
    this.#killTimer.abort();
    this.#killTimer = new AbortController();
    clock.sleep(graceMs, this.#killTimer.signal).then(() => this.#killing.abort(), () => {});
  }

  /**
   * The output of a container.
   *
   * @throws {LogNotFoundError} if there is no such container, or it has not run (before)
   */
  logOf(container: string, previous: boolean): ContainerLog {
    const { name } = this.#options.pod.metadata;
    const worker = [...this.#init, ...this.#main].find(({ snapshot }) =>
      snapshot.name === container
    );
    if (!worker) {
      throw new LogNotFoundError(404, `container "${container}" not found in pod "${name}"`);
    }
    const log = previous ? worker.previousLog : worker.log;
    if (log) return log;
    const what = `container "${container}" in pod "${name}"`;
    if (previous) throw new LogNotFoundError(400, `previous terminated ${what} not found`);
    const { state } = worker.snapshot;
    const reason = state.kind === "waiting" ? state.reason : "unknown";
    throw new LogNotFoundError(400, `${what} is waiting to start: ${reason}`);
  }

  get #label(): string {
    const { name, namespace } = this.#options.pod.metadata;
    return `${name}_${namespace}(${this.uid})`;
  }

  get #volumes(): string {
    return join(this.#options.folder, "volumes");
  }

  /** Gives the pod its volumes and its address, however long that takes. */
  async #prepare(stopping: AbortSignal): Promise<void> {
    const { pod, reader, addresses, hostIp, clock, report, changed } = this.#options;
    const ports = (pod.spec?.containers ?? [])
      .flatMap((container) => container.ports ?? [])
      .filter(({ protocol = "TCP" }) => protocol === "TCP")
      .map(({ containerPort }) => containerPort);
    let retryMs: number = PREPARE_RETRY_MS.first;
    while (!stopping.aborted) {
      let failure = "FailedMount";
      try {
        await setUpVolumes({ pod, podIp: "", hostIp }, this.#volumes, reader, stopping);
        failure = "FailedCreatePodSandBox";
        this.#ip = addresses.allocate(ports);
        return changed();
      } catch (error) {
        if (stopping.aborted) return;
        report("Warning", failure, messageOf(error));
      }
      await pause(clock, retryMs, stopping);
      retryMs = Math.min(2 * retryMs, PREPARE_RETRY_MS.longest);
    }
  }

  /** Runs the init containers one after the other; says whether all have completed. */
  async #initialize(signals: StopSignals): Promise<boolean> {
    for (const container of this.#init) {
      await container.run(signals);
      if (!container.snapshot.ready) return false;
    }
    return true;
  }

  async #runAll(signals: StopSignals): Promise<void> {
    const runs = this.#main.map((container) => container.run(signals));
    try {
      await Promise.all(runs);
    } catch (error) {
      // A fault of ours or of the runtime: the other containers must not be left behind.
      this.#stopping.abort();
      this.#killing.abort();
      await Promise.allSettled(runs);
      throw error;
    }
  }

  #container(spec: Container, role: "init" | "main", initializing: boolean): ContainerWorker {
    const { pod, folder, runtime, reader, hostIp, clock, report, changed } = this.#options;
    return new ContainerWorker({
      spec,
      role,
      initializing,
      policy: pod.spec?.restartPolicy,
      podLabel: this.#label,
      graceSeconds: gracePeriodSeconds(pod),
      runtime,
      clock,
      configure: (run, log, signal) => {
        const context = { pod, podIp: this.#ip ?? "", hostIp };
        const hostDir = join(folder, "containers", spec.name, `${run}`);
        const line = (text: string): void => log.append({ atMs: clock.now(), text });
        const place = { context, reader, volumes: this.#volumes, hostDir, log: line };
        return configureContainer(spec, place, signal);
      },
      cleanUp: ({ hostDir }) => this.#remove(hostDir),
      report,
      changed,
    });
  }

  async #remove(folder: string): Promise<void> {
    try {
      await removeFolder(folder);
    } catch (error) {
      logger.warn("Cannot remove a folder of a pod", { pod: this.#label, folder, error });
    }
  }
}
