/** The phase of a pod from the states of its containers, by the rules of the kubelet (`getPhase`). */

import type { PodSpec } from "kubernetes-types/core/v1.d.ts";

import type { ContainerSnapshot, PodSnapshot, Terminated } from "./container_state.ts";

/** Phases of a pod. */
export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed";

/** Whether a container that ended is started again. */
export function isRestarted(
  policy: PodSpec["restartPolicy"],
  role: "init" | "main",
  exitCode: number,
): boolean {
  if (policy === "Never") return false;
  if (role === "init" || policy === "OnFailure") return exitCode !== 0;
  return true;
}

/** Whether all init containers have completed. */
export function isInitialized(pod: PodSnapshot): boolean {
  return pod.initContainers.every((container) => endOf(container)?.exitCode === 0);
}

/** The phase of a pod. */
export function podPhase(pod: PodSnapshot, policy: PodSpec["restartPolicy"]): PodPhase {
  const ends = pod.containers.map(endOf);
  const succeeded = ends.every((end) => end?.exitCode === 0);
  if (pod.finished) return succeeded && isInitialized(pod) ? "Succeeded" : "Failed";
  if (!isInitialized(pod)) return "Pending";
  if (pod.containers.some((container, index) => isWaiting(container) && !ends[index])) {
    return "Pending"; // One has never run.
  }
  if (pod.containers.some(({ state }) => state.kind === "running") || policy === "Always") {
    return "Running";
  }
  if (succeeded) return "Succeeded";
  return policy === "Never" ? "Failed" : "Running";
}

function isWaiting({ state }: ContainerSnapshot): boolean {
  return state.kind === "waiting";
}

/** How a container that does not run ended last; undefined while it runs or if it never ran. */
function endOf({ state, last }: ContainerSnapshot): Terminated | undefined {
  if (state.kind === "terminated") return state;
  return state.kind === "waiting" ? last : undefined;
}
