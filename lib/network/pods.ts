/** What a pod tells about its node: which one it is, whether it is Ready, and what it was made from. Pure. */

import type { Pod, PodCondition, PodSpec } from "kubernetes-types/core/v1.d.ts";
import type { Stored } from "../kube/mod.ts";
import { INSTANCE_LABEL, ordinalOf } from "./names.ts";
import type { Callee } from "./node_rpc.ts";

/** Label of a pod with the revision of its StatefulSet that it was made from (Kubernetes, `apps/v1`). */
const REVISION_LABEL = "controller-revision-hash";

const READY: PodCondition = { type: "Ready", status: "True" };

/**
 * What the controller keeps of a pod: what it reads, and no more. The spec and the history of one pod take more memory
 * than all the rest that is known of its node, and there may be thousands.
 */
export function inBrief(pod: Readonly<Stored<Pod>>): Stored<Pod> {
  const { name, namespace, uid, resourceVersion, ownerReferences = [], ...rest } = pod.metadata;
  const { deletionTimestamp, labels } = rest;
  const { podIP, ...status } = pod.status ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      ...(namespace && { namespace }),
      uid,
      resourceVersion,
      labels: {
        [INSTANCE_LABEL]: labels?.[INSTANCE_LABEL] ?? "",
        [REVISION_LABEL]: labels?.[REVISION_LABEL] ?? "",
      },
      ownerReferences,
      ...(deletionTimestamp && { deletionTimestamp }),
    },
    // Of one that is Ready nobody asks what keeps it from that.
    ...(!isReady(pod) && pod.spec && { spec: specInBrief(pod.spec) }),
    status: {
      ...(podIP && { podIP }),
      ...(isReady(pod) ? { conditions: [READY] } : status),
    },
  };
}

/** Where a pod is and what images it wants: what one who mends it asks. */
function specInBrief({ nodeName, containers }: PodSpec): PodSpec {
  return {
    ...(nodeName && { nodeName }),
    containers: containers.map(({ name, image }) => ({ name, ...(image && { image }) })),
  };
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

/** A pod as one to call, if it can be called: it has an address and is not on its way out. */
export function calleeOf(
  pod: Readonly<Stored<Pod>>,
): (Callee & { readonly isStarting: boolean })[] {
  const { metadata: { name, uid, deletionTimestamp }, status } = pod;
  if (!status?.podIP || deletionTimestamp) return [];
  return [{ name, uid, ip: status.podIP, isStarting: isStarting(pod) }];
}

/** Whether a pod was made from a revision of its StatefulSet. */
export function hasRevision(pod: Pod, revision: string | undefined): boolean {
  return revision !== undefined && pod.metadata?.labels?.[REVISION_LABEL] === revision;
}

/** The condition of a type, if it is there. */
export function conditionOf(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}
