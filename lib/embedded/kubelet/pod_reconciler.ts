/** Keeps the pods that run on this machine equal to the pods that the API server has for this node. */

import { getLogger } from "@logtape/logtape";
import type { Pod } from "kubernetes-types/core/v1.d.ts";

import { type ObjectKey, objectKey, type Stored, type StoreReader } from "../../kube/mod.ts";
import type { Result } from "../../reconcile/mod.ts";
import type { Clock } from "../../time/mod.ts";
import type { LogRequest } from "./log_server.ts";
import { type ContainerLog, LogNotFoundError } from "./logs.ts";
import { gracePeriodSeconds } from "./pod_grace.ts";
import { podStatus } from "./pod_status.ts";
import type { PodWorker } from "./pod_worker.ts";
import type { StatusWriter } from "./status_writer.ts";

const logger = getLogger(["bitcoin-controller", "embedded"]);

/** How long to wait for processes that have been killed, in ms, before giving up on them. */
const LAST_WAIT_MS = 5000;

/** What a {@linkcode PodReconciler} works with. */
export interface PodReconcilerOptions {
  /** The pods of this node. */
  readonly store: StoreReader<Pod>;
  /** Writes to the API server. */
  readonly writer: StatusWriter;
  /** Makes the worker of a pod; `changed` is to be called whenever its snapshot changes. */
  readonly makeWorker: (pod: Readonly<Stored<Pod>>, changed: () => void) => PodWorker;
  /** Address of the node. */
  readonly hostIp: string;
  /** Asks for another reconcile of a pod. */
  readonly enqueue: (key: ObjectKey) => void;
  /** Time source. */
  readonly clock: Clock;
}

/** A worker, the key of its pod, and its end. */
interface Entry {
  readonly key: ObjectKey;
  readonly pod: Readonly<Stored<Pod>>;
  readonly worker: PodWorker;
  readonly ended: Promise<void>;
}

/** Never waits for a container: workers do that, each for its own pod. */
export class PodReconciler {
  readonly #options: PodReconcilerOptions;
  /** By UID: a pod may still be ending when another one of its name begins. */
  readonly #entries = new Map<string, Entry>();

  /** Creates a reconciler that runs nothing yet. */
  constructor(options: PodReconcilerOptions) {
    this.#options = options;
  }

  /** Starts, stops or reports on the pod of a key. */
  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Result> {
    const { store, writer } = this.#options;
    const pod = store.get(key);
    this.#stopOthers(key, pod?.metadata.uid);
    if (!pod) return {};
    const { uid, deletionTimestamp } = pod.metadata;
    const entry = this.#entries.get(uid) ?? this.#begin(key, pod);
    if (entry) {
      if (deletionTimestamp) entry.worker.stop(gracePeriodSeconds(pod) * 1000);
      await this.#report(pod, entry.worker, signal);
    }
    if (deletionTimestamp && (entry?.worker.snapshot.finished ?? true)) {
      await writer.confirmDeletion(pod, signal);
    }
    return {};
  }

  /** Ends all pods: asks them to, kills what is left after `graceMs`, and waits for the end of every process. */
  async stopAll(graceMs: number): Promise<void> {
    const { clock } = this.#options;
    const entries = [...this.#entries.values()];
    for (const { worker } of entries) worker.stop(graceMs);
    const giveUp = new AbortController();
    const late = clock.sleep(graceMs + LAST_WAIT_MS, giveUp.signal).then(
      () => logger.warn("Pods did not end in time", { pods: this.#running() }),
      () => {},
    );
    await Promise.race([Promise.all(entries.map(({ ended }) => ended)), late]);
    giveUp.abort();
    await late;
  }

  /**
   * The output of a container.
   *
   * @throws {LogNotFoundError} if there is none
   */
  logOf({ namespace, pod: name, container, previous }: LogRequest): ContainerLog {
    const pod = this.#options.store.get(objectKey({ metadata: { namespace, name } }));
    const entry = pod && this.#entries.get(pod.metadata.uid);
    if (entry) return entry.worker.logOf(container, previous);
    throw new LogNotFoundError(404, `pod "${name}" does not run on this node`);
  }

  /** Begins to run a pod, unless it is over already or only waits for us to confirm its deletion. */
  #begin(key: ObjectKey, pod: Readonly<Stored<Pod>>): Entry | undefined {
    const over = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    if (over || pod.metadata.deletionTimestamp) return undefined;
    const worker = this.#options.makeWorker(pod, () => this.#options.enqueue(key));
    const entry: Entry = { key, pod, worker, ended: worker.run() };
    this.#entries.set(worker.uid, entry);
    return entry;
  }

  /** Ends pods of this name that the API server does not have any more, and forgets those that have ended. */
  #stopOthers(key: ObjectKey, currentUid: string | undefined): void {
    for (const [uid, entry] of this.#entries) {
      if (entry.key !== key || uid === currentUid) continue;
      if (entry.worker.snapshot.finished) {
        this.#entries.delete(uid);
        this.#options.writer.forget(uid);
      } else {
        entry.worker.stop(gracePeriodSeconds(entry.pod) * 1000);
      }
    }
  }

  async #report(pod: Readonly<Stored<Pod>>, worker: PodWorker, signal: AbortSignal): Promise<void> {
    const { writer, hostIp, clock } = this.#options;
    const { snapshot, seenAtMs } = worker;
    const nowMs = clock.now();
    const wanted = podStatus({ pod: writer.latest(pod), snapshot, hostIp, seenAtMs, nowMs });
    await writer.write(pod, wanted, signal);
  }

  #running(): string[] {
    return [...this.#entries.values()]
      .filter(({ worker }) => !worker.snapshot.finished).map(({ key }) => key);
  }
}
