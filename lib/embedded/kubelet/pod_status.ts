/** The status of a pod from what the kubelet knows of it, and what of it must be written. */

import type {
  ContainerState as ApiContainerState,
  ContainerStatus,
  Pod,
  PodStatus,
} from "kubernetes-types/core/v1.d.ts";
import { isDeepStrictEqual } from "node:util";

import { rfc3339 } from "../../time/mod.ts";
import type {
  ContainerSnapshot,
  ContainerState,
  PodSnapshot,
  Terminated,
} from "./container_state.ts";
import { podConditions } from "./pod_conditions.ts";
import { podPhase } from "./pod_phase.ts";

/** A pod's status as Kubernetes 1.34 writes it; the typings are older. */
export interface ObservedPodStatus extends PodStatus {
  /** Generation of the pod that the status is about. */
  observedGeneration?: number;
}

/** What a status is made of. */
export interface PodStatusInput {
  /** The pod as the API server has it. */
  readonly pod: Pod;
  /** What the kubelet knows of it. */
  readonly snapshot: PodSnapshot;
  /** Address of the node. */
  readonly hostIp: string;
  /** When the kubelet first saw the pod, in ms since 1970. */
  readonly seenAtMs: number;
  /** Time now, in ms since 1970. */
  readonly nowMs: number;
}

/** The fields of the status that the kubelet writes. */
export function podStatus(input: PodStatusInput): ObservedPodStatus {
  const { pod, snapshot, hostIp, seenAtMs, nowMs } = input;
  const { spec = { containers: [] }, status: previous = {}, metadata = {} } = pod;
  const phase = podPhase(snapshot, spec.restartPolicy);
  const { generation } = metadata;
  const conditions = podConditions({
    snapshot,
    spec,
    phase,
    previous: previous.conditions ?? [],
    generation,
    nowMs,
  });
  return {
    phase,
    conditions,
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(snapshot.ip && { podIP: snapshot.ip, podIPs: [{ ip: snapshot.ip }] }),
    startTime: previous.startTime ?? rfc3339(seenAtMs),
    ...(snapshot.initContainers.length > 0 &&
      { initContainerStatuses: snapshot.initContainers.map(containerStatus) }),
    containerStatuses: snapshot.containers.map(containerStatus),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
}

function containerStatus(container: ContainerSnapshot): ContainerStatus {
  const { name, image, state, last, restartCount, started, ready, containerId } = container;
  return {
    name,
    image,
    imageID: image,
    state: apiState(state),
    lastState: last ? apiState(last) : {},
    ready,
    started,
    restartCount,
    ...(containerId && { containerID: containerId }),
  };
}

function apiState(state: ContainerState): ApiContainerState {
  switch (state.kind) {
    case "waiting":
      return {
        waiting: { reason: state.reason, ...(state.message && { message: state.message }) },
      };
    case "running":
      return { running: { startedAt: rfc3339(state.startedAtMs) } };
    case "terminated":
      return { terminated: apiTermination(state) };
  }
}

function apiTermination(
  { exitCode, reason, message, startedAtMs, finishedAtMs, containerId }: Terminated,
): NonNullable<ApiContainerState["terminated"]> {
  return {
    exitCode,
    reason,
    ...(message && { message }),
    startedAt: rfc3339(startedAtMs),
    finishedAt: rfc3339(finishedAtMs),
    ...(containerId && { containerID: containerId }),
  };
}

/**
 * A merge patch that brings the stored status to the wanted one; undefined if they say the same. Fields that the
 * kubelet does not write stay as they are.
 */
export function statusPatch(
  stored: PodStatus,
  wanted: ObservedPodStatus,
): Partial<ObservedPodStatus> | undefined {
  const known = new Map<string, unknown>(Object.entries(stored));
  const changed = Object.entries(wanted).filter(([field, value]) =>
    !isDeepStrictEqual(meaningOf(known.get(field)), meaningOf(value))
  );
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

/** Servers add fields that are null, such as `lastProbeTime`, and may leave out empty ones; neither means anything. */
function meaningOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaningOf);
  if (typeof value !== "object" || value === null) return value ?? undefined;
  const members = Object.entries(value).map(([key, member]) => [key, meaningOf(member)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}
