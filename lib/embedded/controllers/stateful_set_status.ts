/** The status of a StatefulSet, counted from its pods: a pure function. */

import type { StatefulSet, StatefulSetStatus } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";

import type { Stored } from "../../kube/mod.ts";
import { isReady, isTerminating, untilAvailableMs } from "./pod_state.ts";
import { REVISION_LABEL } from "./stateful_set_pod.ts";

/** The two revisions of a set and the number of hash collisions that their names avoid. */
export interface SetRevisions {
  /** Name of the revision that the set is moving away from. */
  readonly current: string;
  /** Name of the revision of the set's template. */
  readonly update: string;
  /** How often a hash was taken by another template. */
  readonly collisionCount: number;
}

/** Counts the pods of a set. Once a roll is complete, the update revision becomes the current one. */
export function countStatus(
  set: StatefulSet,
  pods: readonly Stored<Pod>[],
  revisions: SetRevisions,
  nowMs: number,
): StatefulSetStatus {
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  const ready = pods.filter(isReady);
  const staying = pods.filter((pod) => !isTerminating(pod));
  const ofRevision = (name: string): number =>
    staying.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === name).length;
  const status = {
    observedGeneration: set.metadata?.generation ?? 0,
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas:
      ready.filter((pod) => untilAvailableMs(pod, minReadySeconds, nowMs) === 0).length,
    currentReplicas: ofRevision(revisions.current),
    updatedReplicas: ofRevision(revisions.update),
    currentRevision: revisions.current,
    updateRevision: revisions.update,
    collisionCount: revisions.collisionCount,
  };
  const wanted = set.spec?.replicas ?? 1;
  const rolledOut = set.spec?.updateStrategy?.type !== "OnDelete" &&
    [status.updatedReplicas, status.readyReplicas, status.replicas].every((n) => n === wanted);
  if (!rolledOut) return status;
  return { ...status, currentReplicas: status.updatedReplicas, currentRevision: revisions.update };
}

/**
 * The counts of `wanted` that differ from the stored status, or undefined if none does. The server
 * leaves out zeros, so a missing count is zero.
 */
export function statusChange(
  stored: StatefulSetStatus | undefined,
  wanted: StatefulSetStatus,
): StatefulSetStatus | undefined {
  const current: Readonly<Record<string, unknown>> = { ...stored };
  const same = Object.entries(wanted).every(([field, value]) =>
    value === (current[field] ?? (typeof value === "number" ? 0 : undefined))
  );
  return same ? undefined : wanted;
}
