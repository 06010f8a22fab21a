/** Pods as rows: readiness, the one word that says how a pod is, restarts. */

import type { ContainerStatus, Pod, PodStatus } from "kubernetes-types/core/v1.d.ts";

import { age, humanDuration } from "./duration.ts";
import {
  AGE,
  column,
  type ColumnDefinition,
  layout,
  NAME,
  NONE,
  type TableLayout,
} from "./layout.ts";

const COLUMNS: readonly ColumnDefinition[] = [
  NAME,
  column("Ready", "The aggregate readiness state of this pod for accepting traffic."),
  column("Status", "The aggregate status of the containers in this pod."),
  column(
    "Restarts",
    "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
  ),
  AGE,
  column(
    "IP",
    "podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.",
    { priority: 1 },
  ),
  column(
    "Node",
    "NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by the scheduler defined in schedulerName. Once this field is set, the kubelet for this node becomes responsible for the lifecycle of this pod. This field should not be used to express a desire for the pod to be scheduled on a specific node. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename",
    { priority: 1 },
  ),
  column(
    "Nominated Node",
    "nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as preemption victims receive their graceful termination periods. This field does not guarantee that the pod will be scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner. Scheduler may also decide to give the resources on this node to a higher priority pod that is created after preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled.",
    { priority: 1 },
  ),
  column(
    "Readiness Gates",
    'If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready AND all conditions specified in the readiness gates have status equal to "True" More info: https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates',
    { priority: 1 },
  ),
];

/** Rows of pods, after `printPod` of `pkg/printers/internalversion`. */
export const PODS_TABLE: TableLayout = layout<Pod>(COLUMNS, (pod, now) => {
  const { spec, status = {}, metadata } = pod;
  const { reason, ready, restarts, lastRestart } = summarize(pod);
  const ago = lastRestart === undefined ? "" : ` (${humanDuration(now - lastRestart)} ago)`;
  return [
    metadata.name ?? "",
    `${ready}/${spec?.containers.length ?? 0}`,
    reason,
    restarts === 0 ? "0" : `${restarts}${ago}`,
    age(metadata.creationTimestamp, now),
    status.podIPs?.[0]?.ip ?? status.podIP ?? NONE,
    spec?.nodeName ?? NONE,
    status.nominatedNodeName ?? NONE,
    readinessGates(pod),
  ];
});

interface Summary {
  readonly reason: string;
  readonly ready: number;
  readonly restarts: number;
  /** When a container ended last, in ms since 1970. */
  readonly lastRestart: number | undefined;
}

function summarize(pod: Pod & { metadata: { deletionTimestamp?: string } }): Summary {
  const status = pod.status ?? {};
  const initializing = initReason(pod);
  const statuses = initializing === undefined
    ? status.containerStatuses ?? []
    : status.initContainerStatuses ?? [];
  const ends = statuses.flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []);
  const ended = ends.map((time) => Date.parse(time));
  return {
    reason: deletionReason(pod) ?? initializing ?? runReason(status),
    ready: initializing === undefined ? statuses.filter(isReady).length : 0,
    restarts: statuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    lastRestart: ended.length > 0 ? Math.max(...ended) : undefined,
  };
}

function isReady({ ready, state }: ContainerStatus): boolean {
  return ready && state?.running !== undefined;
}

function deletionReason(
  pod: Pod & { metadata: { deletionTimestamp?: string } },
): string | undefined {
  if (pod.metadata.deletionTimestamp === undefined) return undefined;
  if (pod.status?.reason === "NodeLost") return "Unknown";
  const over = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
  return over ? undefined : "Terminating";
}

/** What holds the pod while its init containers run, or undefined when they are done. */
function initReason({ spec, status }: Pod): string | undefined {
  const statuses = status?.initContainerStatuses ?? [];
  const at = statuses.findIndex(({ state }) => state?.terminated?.exitCode !== 0);
  const current = statuses[at];
  if (!current) return undefined;
  const { waiting, terminated } = current.state ?? {};
  if (terminated) return `Init:${endReason(terminated)}`;
  if (waiting?.reason && waiting.reason !== "PodInitializing") return `Init:${waiting.reason}`;
  return `Init:${at}/${spec?.initContainers?.length ?? 0}`;
}

function runReason(status: PodStatus): string {
  const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
  let reason = status.reason ?? status.phase ?? "";
  if (scheduled?.reason === "SchedulingGated") reason = scheduled.reason;
  // The first container with something to say has the last word.
  for (const { state } of (status.containerStatuses ?? []).toReversed()) {
    if (state?.waiting?.reason) reason = state.waiting.reason;
    else if (state?.terminated) reason = endReason(state.terminated);
  }
  if (reason !== "Completed" || !status.containerStatuses?.some(isReady)) return reason;
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" ? "Running" : "NotReady";
}

function endReason(
  { reason, signal, exitCode }: { reason?: string; signal?: number; exitCode: number },
): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? [];
  if (gates.length === 0) return NONE;
  const open = gates.filter(({ conditionType }) =>
    status?.conditions?.some(({ type, status }) => type === conditionType && status === "True")
  );
  return `${open.length}/${gates.length}`;
}
