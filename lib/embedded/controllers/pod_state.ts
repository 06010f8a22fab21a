/** What a pod's status says, in the terms that the controllers decide by. */

import type { Pod } from "kubernetes-types/core/v1.d.ts";

/** Whether the pod is on its way out: its deletion was asked for and its kubelet has not confirmed it. */
export function isTerminating(pod: Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined;
}

/** Whether the pod has ended for good: none of its containers will be started again. */
export function isFinished(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase === "Failed" || phase === "Succeeded";
}

/** Whether the pod runs and its condition `Ready` is true. A terminating pod may still be ready. */
export function isReady(pod: Pod): boolean {
  return pod.status?.phase === "Running" && readyCondition(pod)?.status === "True";
}

/** Whether the pod is ready and stays: what an update waits for before it takes the next pod. */
export function isHealthy(pod: Pod): boolean {
  return isReady(pod) && !isTerminating(pod);
}

/**
 * How long, in ms, until the pod has been ready for `minReadySeconds`: 0 when it is available already,
 * `Infinity` when it is not even ready.
 */
export function untilAvailableMs(pod: Pod, minReadySeconds: number, nowMs: number): number {
  if (!isReady(pod)) return Infinity;
  if (minReadySeconds <= 0) return 0;
  const since = Date.parse(readyCondition(pod)?.lastTransitionTime ?? "");
  if (Number.isNaN(since)) return Infinity;
  return Math.max(0, since + minReadySeconds * 1000 - nowMs);
}

function readyCondition(pod: Pod): { status: string; lastTransitionTime?: string } | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === "Ready");
}
