/**
 * What a StatefulSet's pods need next. A pure function after kube-controller-manager's
 * `stateful_set_control.go` (1.34): replicas first, then those to scale away, then the roll.
 */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";

import type { Stored } from "../../kube/mod.ts";
import { isFinished, isHealthy, isTerminating, untilAvailableMs } from "./pod_state.ts";
import type { Obstacle } from "./stateful_set_claims.ts";
import { hasIdentity, ordinalOf, podName, REVISION_LABEL } from "./stateful_set_pod.ts";

/** What the decision is made from. */
export interface StatefulSetView {
  /** The set as it is stored. */
  readonly set: Stored<StatefulSet>;
  /** The pods that the set controls. */
  readonly pods: readonly Stored<Pod>[];
  /** Pods by name that are in the way of the set's own. */
  readonly obstacles: ReadonlyMap<string, Obstacle>;
  /** Name of the revision that pods below the partition are made from. */
  readonly currentRevision: string;
  /** Name of the revision of the set's template. */
  readonly updateRevision: string;
  /** The time, in ms since 1970. */
  readonly nowMs: number;
}

/** One thing to do to one pod. */
export type StatefulSetAction =
  /** Create the pod of this ordinal from the named revision. */
  | { readonly type: "create"; readonly ordinal: number; readonly revision: string }
  /** Cannot create the pod of this ordinal: somebody else's pod has its name. */
  | { readonly type: "report-taken"; readonly ordinal: number }
  /** Put the identity labels back on a pod. */
  | { readonly type: "relabel"; readonly ordinal: number; readonly pod: Stored<Pod> }
  /** Delete a pod: the set was scaled down, the pod has ended, or its template is old. */
  | {
    readonly type: "delete";
    readonly reason: "scale-down" | "finished" | "outdated";
    readonly pod: Stored<Pod>;
  };

/** The ordinals that a set should have, lowest first. */
function desiredOrdinals(set: StatefulSet): readonly number[] {
  const start = set.spec?.ordinals?.start ?? 0;
  return Array.from({ length: set.spec?.replicas ?? 1 }, (_, index) => start + index);
}

/** Decides what to do now for a set that is not being deleted; no action depends on another one. */
export function planStatefulSet(view: StatefulSetView): readonly StatefulSetAction[] {
  const ordered = view.set.spec?.podManagementPolicy !== "Parallel";
  const byOrdinal = podsByOrdinal(view);
  const desired = desiredOrdinals(view.set);
  const actions: StatefulSetAction[] = [];

  for (const ordinal of desired) {
    const { action, settled } = fillReplica(view, ordinal, byOrdinal.get(ordinal));
    if (action) actions.push(action);
    if (ordered && !settled) return actions;
  }
  const wanted = new Set(desired);
  const condemned = [...byOrdinal].filter(([ordinal]) => !wanted.has(ordinal))
    .sort(([a], [b]) => b - a).map(([, pod]) => pod);
  actions.push(...scaleDown(view, condemned, ordered));
  if (ordered && condemned.length > 0) return actions;
  return [...actions, ...rollOne(view, desired.map((ordinal) => byOrdinal.get(ordinal)))];
}

function podsByOrdinal({ set, pods }: StatefulSetView): Map<number, Stored<Pod>> {
  const result = new Map<number, Stored<Pod>>();
  for (const pod of pods) {
    const ordinal = ordinalOf(set.metadata.name, pod);
    if (ordinal !== undefined) result.set(ordinal, pod);
  }
  return result;
}

/** Brings one wanted pod about. It is settled when an ordered set may look at the next one. */
function fillReplica(
  view: StatefulSetView,
  ordinal: number,
  pod: Stored<Pod> | undefined,
): { readonly action?: StatefulSetAction; readonly settled: boolean } {
  if (!pod) {
    const obstacle = view.obstacles.get(podName(view.set.metadata.name, ordinal));
    if (obstacle === "leaving") return { settled: false };
    const action: StatefulSetAction = obstacle === "foreign"
      ? { type: "report-taken", ordinal }
      : { type: "create", ordinal, revision: revisionFor(view, ordinal) };
    return { action, settled: false };
  }
  if (isTerminating(pod)) return { settled: false };
  if (isFinished(pod)) {
    return { action: { type: "delete", reason: "finished", pod }, settled: false };
  }
  const settled = isAvailable(view, pod);
  return hasIdentity(pod) ? { settled } : { action: { type: "relabel", ordinal, pod }, settled };
}

/** A pod below the partition is made again as it was, so that a canary update stays one. */
function revisionFor(view: StatefulSetView, ordinal: number): string {
  const start = view.set.spec?.ordinals?.start ?? 0;
  return ordinal - start < partitionOf(view.set) ? view.currentRevision : view.updateRevision;
}

function partitionOf(set: StatefulSet): number {
  const strategy = set.spec?.updateStrategy;
  return strategy?.type === "OnDelete" ? 0 : strategy?.rollingUpdate?.partition ?? 0;
}

function isAvailable({ set, nowMs }: StatefulSetView, pod: Pod): boolean {
  return untilAvailableMs(pod, set.spec?.minReadySeconds ?? 0, nowMs) === 0;
}

/**
 * Deletes from the highest ordinal. An ordered set waits for each to be gone, and for an unready pod with a lower one
 * that may yet become healthy. (Upstream waits for one that has ended, too, and so for ever.)
 */
function scaleDown(
  view: StatefulSetView,
  condemned: readonly Stored<Pod>[],
  ordered: boolean,
): readonly StatefulSetAction[] {
  const candidates = ordered ? condemned.slice(0, 1) : condemned;
  const awaited = condemned.findLast((pod) => !isHealthy(pod) && !isFinished(pod));
  return candidates
    .filter((pod) => !isTerminating(pod))
    .filter((pod) => !ordered || isAvailable(view, pod) || isFinished(pod) || pod === awaited)
    .map((pod) => ({ type: "delete", reason: "scale-down", pod }));
}

/** Takes the highest pod of an old revision, once all above it are of the new one and healthy. */
function rollOne(
  view: StatefulSetView,
  replicas: readonly (Stored<Pod> | undefined)[],
): readonly StatefulSetAction[] {
  if (view.set.spec?.updateStrategy?.type === "OnDelete") return [];
  for (let index = replicas.length - 1; index >= partitionOf(view.set); index--) {
    const pod = replicas[index];
    if (!pod || isTerminating(pod) || isFinished(pod)) return [];
    if (pod.metadata.labels?.[REVISION_LABEL] !== view.updateRevision) {
      return [{ type: "delete", reason: "outdated", pod }];
    }
    if (!isAvailable(view, pod)) return [];
  }
  return [];
}
