/** What a pod tells about its node: whether it is Ready, and what keeps it from that. Pure. */

import type { Pod, PodCondition } from "kubernetes-types/core/v1.d.ts";
import type { Stored } from "../kube/mod.ts";
import { INSTANCE_LABEL, ordinalOf } from "./names.ts";

const READY: PodCondition = { type: "Ready", status: "True" };

/**
 * What the controller keeps of a pod: what it reads, and no more. The spec and the history of one pod take more memory
 * than all the rest that is known of its node, and there may be thousands.
 */
export function inBrief(pod: Readonly<Stored<Pod>>): Stored<Pod> {
  const { name, namespace, uid, resourceVersion, ownerReferences = [], ...rest } = pod.metadata;
  const { deletionTimestamp, labels } = rest;
  const { podIP, conditions = [], containerStatuses = [] } = pod.status ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      ...(namespace && { namespace }),
      uid,
      resourceVersion,
      labels: { [INSTANCE_LABEL]: labels?.[INSTANCE_LABEL] ?? "" },
      ownerReferences,
      ...(deletionTimestamp && { deletionTimestamp }),
    },
    status: {
      ...(podIP && { podIP }),
      // Of one that is Ready nobody asks what keeps it from that.
      ...(isReady(pod) ? { conditions: [READY] } : { conditions, containerStatuses }),
    },
  };
}

/** What keeps a pod from being Ready. */
export interface PodTrouble {
  /** Reason for the condition NodesReady. */
  readonly reason: "ImagePullFailed" | "CrashLoop" | "Unschedulable" | "NodesStarting";
  /** What happened, and what to do. */
  readonly message: string;
}

/**
 * The pods of the wanted ordinals, in their order: what is said of them, such as which one is not Ready yet, must not
 * depend on which one was heard of last.
 */
export function wantedPods<P extends Pod>(
  network: string,
  nodes: number,
  pods: readonly P[],
): P[] {
  const ordinal = ({ metadata }: Pod): number => ordinalOf(network, metadata?.name ?? "") ?? nodes;
  return pods.filter((pod) => ordinal(pod) < nodes).sort((a, b) => ordinal(a) - ordinal(b));
}

/** Whether a pod is Ready and stays: one on its way out is not. */
export function isReady(pod: Pod): boolean {
  return !pod.metadata?.deletionTimestamp && conditionOf(pod, "Ready")?.status === "True";
}

/** Whether a container of it has yet to pass its startup probe: until then nobody expects an answer of its node. */
export function isStarting(pod: Pod): boolean {
  return (pod.status?.containerStatuses ?? []).some(({ started }) => started === false);
}

/** What keeps a pod from being Ready; `undefined` if it is. */
export function troubleOf(pod: Pod): PodTrouble | undefined {
  if (isReady(pod)) return undefined;
  const name = pod.metadata?.name;
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason === "Unschedulable") {
    return {
      reason: "Unschedulable",
      message: `Pod '${name}' fits on no node: ${scheduled.message}`,
    };
  }
  for (const { state, lastState } of pod.status?.containerStatuses ?? []) {
    const waiting = state?.waiting;
    if (waiting?.reason && /^(ErrImage|ImagePull|InvalidImage)/.test(waiting.reason)) {
      return {
        reason: "ImagePullFailed",
        message: `Pod '${name}': ${waiting.reason}: ${waiting.message}`,
      };
    }
    if (waiting?.reason === "CrashLoopBackOff") {
      const { exitCode, message } = lastState?.terminated ?? {};
      const said = message?.trim().split("\n").at(-1);
      return {
        reason: "CrashLoop",
        message: `Pod '${name}' keeps ending with exit code ${exitCode}` +
          `${said ? `, and said: ${said}` : ""}; see kubectl logs --previous ${name}`,
      };
    }
    if (waiting?.reason && !/^(ContainerCreating|PodInitializing)$/.test(waiting.reason)) {
      return {
        reason: "NodesStarting",
        message: `Pod '${name}': ${waiting.reason}: ${waiting.message}`,
      };
    }
  }
  return { reason: "NodesStarting", message: `Pod '${name}' is not Ready yet` };
}

function conditionOf(pod: Pod, type: string) {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}
