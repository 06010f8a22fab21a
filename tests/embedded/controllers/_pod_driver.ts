/** A stand-in kubelet that runs nothing: it makes pods ready, ends them or breaks them as a test wishes. */

import type { Pod } from "kubernetes-types/core/v1.d.ts";

import {
  ApiError,
  Informer,
  type KubeClient,
  PODS,
  type ResourceHandle,
  type Stored,
} from "../../../lib/kube/mod.ts";
import { type Clock, rfc3339, systemClock } from "../../../lib/time/mod.ts";

/** What becomes of a new pod. */
export type Fate = "ready" | "pending";

/** Confirms deletions and gives pods their status. */
export class PodDriver {
  readonly #pods: ResourceHandle<Pod>;
  readonly #fate: (pod: Readonly<Stored<Pod>>) => Fate;
  readonly #clock: Clock;
  readonly #running = new Set<Promise<void>>();

  /** Keeps its parts. */
  constructor(
    client: KubeClient,
    fate: (pod: Readonly<Stored<Pod>>) => Fate = () => "ready",
    clock: Clock = systemClock,
  ) {
    this.#pods = client.resource(PODS);
    this.#fate = fate;
    this.#clock = clock;
  }

  /** Acts on pods until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const informer = new Informer(this.#pods);
    const act = (pod: Readonly<Stored<Pod>>): void => {
      const acting = this.#act(pod).catch((error) => {
        if (!isOfAnotherPod(error)) throw error;
      }).finally(() => this.#running.delete(acting));
      this.#running.add(acting);
    };
    informer.subscribe({ added: act, updated: act });
    await informer.run(signal);
    await Promise.all(this.#running);
  }

  /** Gives a pod a phase and readiness, as a kubelet would report them. */
  async report(pod: Stored<Pod>, phase: string, ready: boolean): Promise<void> {
    const { name, namespace = "", uid } = pod.metadata;
    const condition = {
      type: "Ready",
      status: ready ? "True" : "False",
      lastTransitionTime: rfc3339(this.#clock.now()),
    };
    const patch = { metadata: { uid }, status: { phase, conditions: [condition] } };
    await this.#pods.in(namespace).status.mergePatch(name, patch);
  }

  async #act(pod: Stored<Pod>): Promise<void> {
    const { name, namespace = "", uid, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp) {
      return await this.#pods.in(namespace).delete(name, { uid, gracePeriodSeconds: 0 });
    }
    const { phase = "Pending" } = pod.status ?? {};
    if (phase === "Pending" && this.#fate(pod) === "ready") await this.report(pod, "Running", true);
  }
}

/** Whether the pod is gone, or another one has its name: to a patch, its UID is an invalid change then. */
function isOfAnotherPod(error: unknown): boolean {
  return error instanceof ApiError && (error.isNotFound || error.isConflict || error.isInvalid);
}
