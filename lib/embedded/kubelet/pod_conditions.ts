/** The conditions of a pod that the kubelet answers for. */

import type { PodCondition, PodSpec } from "kubernetes-types/core/v1.d.ts";

import { rfc3339 } from "../../time/mod.ts";
import type { ContainerSnapshot, PodSnapshot } from "./container_state.ts";
import { isInitialized, type PodPhase } from "./pod_phase.ts";

/** A condition as Kubernetes 1.34 writes it; the typings are older. */
export interface ObservedCondition extends PodCondition {
  /** Generation of the pod that the condition is about. */
  observedGeneration?: number;
}

/** What conditions are made of. */
export interface ConditionsInput {
  /** The pod's containers. */
  readonly snapshot: PodSnapshot;
  /** The pod's spec. */
  readonly spec: PodSpec;
  /** The pod's phase. */
  readonly phase: PodPhase;
  /** The conditions that the API server has. */
  readonly previous: readonly ObservedCondition[];
  /** Generation of the pod, if the API server counts it. */
  readonly generation?: number | undefined;
  /** Time now, in ms since 1970. */
  readonly nowMs: number;
}

/** Conditions that are always ours, in the order in which the kubelet writes them. */
const OWN = [
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
];

interface Finding {
  readonly status: boolean;
  readonly reason?: string;
  readonly message?: string;
}

/** All conditions of the pod: ours anew, each with the time of its last change, and those of others as they are. */
export function podConditions(input: ConditionsInput): ObservedCondition[] {
  const own = OWN.map((type) => condition(type, finding(type, input), input));
  return [...own, ...input.previous.filter(({ type }) => !OWN.includes(type))];
}

function finding(type: string, input: ConditionsInput): Finding {
  const { snapshot, phase } = input;
  switch (type) {
    case "PodReadyToStartContainers":
      return { status: snapshot.ip !== undefined && !snapshot.finished };
    case "Initialized":
      return initialized(snapshot, phase);
    case "ContainersReady":
      return containersReady(snapshot, phase);
    case "Ready":
      return ready(input);
    default:
      return { status: true };
  }
}

function initialized(snapshot: PodSnapshot, phase: PodPhase): Finding {
  if (isInitialized(snapshot)) {
    return { status: true, ...(phase === "Succeeded" && { reason: "PodCompleted" }) };
  }
  const message = `containers with incomplete status: ${names(snapshot.initContainers)}`;
  return { status: false, reason: "ContainersNotInitialized", message };
}

function containersReady({ containers }: PodSnapshot, phase: PodPhase): Finding {
  if (phase === "Succeeded") return { status: false, reason: "PodCompleted" };
  if (phase === "Failed") return { status: false, reason: "PodFailed" };
  if (containers.every((container) => container.ready)) return { status: true };
  const message = `containers with unready status: ${names(containers)}`;
  return { status: false, reason: "ContainersNotReady", message };
}

function ready({ snapshot, spec, phase, previous }: ConditionsInput): Finding {
  const containers = containersReady(snapshot, phase);
  if (!containers.status) return containers;
  const closed = (spec.readinessGates ?? []).filter(({ conditionType }) =>
    !previous.some(({ type, status }) => type === conditionType && status === "True")
  );
  if (closed.length === 0) return containers;
  const message = closed.map(({ conditionType }) =>
    `corresponding condition of pod readiness gate ${JSON.stringify(conditionType)} is not "True".`
  ).join(" ");
  return { status: false, reason: "ReadinessGatesNotReady", message };
}

function condition(
  type: string,
  { status, reason, message }: Finding,
  { previous, generation, nowMs }: ConditionsInput,
): ObservedCondition {
  const old = previous.find((candidate) => candidate.type === type);
  const value = status ? "True" : "False";
  const lastTransitionTime = old?.status === value ? old.lastTransitionTime : undefined;
  return {
    type,
    status: value,
    lastTransitionTime: lastTransitionTime ?? rfc3339(nowMs),
    ...(reason && { reason }),
    ...(message && { message }),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
}

function names(containers: readonly ContainerSnapshot[]): string {
  return `[${containers.filter(({ ready }) => !ready).map(({ name }) => name).join(" ")}]`;
}
