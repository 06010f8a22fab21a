/** Writes the status of pods, only what differs from what the API server has. */

import type { Pod } from "kubernetes-types/core/v1.d.ts";

import { ApiError, type ResourceHandle, type Stored } from "../../kube/mod.ts";
import { type ObservedPodStatus, statusPatch } from "./pod_status.ts";

/** What a write came to: the store lags behind it for a moment. */
interface Written {
  /** Version of the pod in the store when it was written. */
  readonly storeVersion: string;
  /** The pod as the API server answered. */
  readonly pod: Stored<Pod>;
}

/** Writes statuses and remembers its last write of each pod, so that a store that lags behind causes no second one. */
export class StatusWriter {
  readonly #pods: ResourceHandle<Pod>;
  readonly #written = new Map<string, Written>();

  /** Creates a writer; `pods` may span all namespaces. */
  constructor(pods: ResourceHandle<Pod>) {
    this.#pods = pods;
  }

  /** The pod with the status that the API server has by all that is known. */
  latest(stored: Readonly<Stored<Pod>>): Readonly<Stored<Pod>> {
    const written = this.#written.get(stored.metadata.uid);
    return written?.storeVersion === stored.metadata.resourceVersion ? written.pod : stored;
  }

  /**
   * Brings the status of a pod to `wanted`. A pod that is gone, or has been replaced by another of the same name, is
   * left alone.
   *
   * @throws {Error} if the API server refuses or does not answer
   */
  async write(
    stored: Readonly<Stored<Pod>>,
    wanted: ObservedPodStatus,
    signal: AbortSignal,
  ): Promise<void> {
    const { name, namespace = "", uid, resourceVersion } = stored.metadata;
    const status = statusPatch(this.latest(stored).status ?? {}, wanted);
    if (!status) return;
    try {
      // The UID makes the server refuse the write if the name belongs to another pod by now.
      const patch = { metadata: { uid }, status };
      const pod = await this.#pods.in(namespace).status.mergePatch(name, patch, { signal });
      this.#written.set(uid, { storeVersion: resourceVersion, pod });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** Removes a pod that has ended from the API server. */
  async confirmDeletion(stored: Readonly<Stored<Pod>>, signal: AbortSignal): Promise<void> {
    const { name, namespace = "", uid } = stored.metadata;
    try {
      await this.#pods.in(namespace).delete(name, { gracePeriodSeconds: 0, uid, signal });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** Forgets a pod that is gone. */
  forget(uid: string): void {
    this.#written.delete(uid);
  }
}

/** Whether there is no such pod, or the name belongs to another one: to a patch, a UID of another pod is an invalid change. */
function isGone(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.isNotFound || error.isConflict ||
    (error.details?.causes?.some(({ field }) => field === "metadata.uid") ?? false);
}
