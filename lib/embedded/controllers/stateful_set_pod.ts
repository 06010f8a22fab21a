/** The pods of a StatefulSet: their names and what they are made of. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod, PodTemplateSpec } from "kubernetes-types/core/v1.d.ts";
import type { OwnerReference } from "kubernetes-types/meta/v1.d.ts";

import { apiVersionOf, STATEFUL_SETS, type Stored } from "../../kube/mod.ts";

/** Label with the revision that a pod was made from (`apps/v1` `ControllerRevisionHashLabelKey`). */
export const REVISION_LABEL = "controller-revision-hash";
/** Label with the pod's own name, for Services that select one pod (`apps/v1` `StatefulSetPodNameLabel`). */
const POD_NAME_LABEL = "statefulset.kubernetes.io/pod-name";
/** Label with the pod's ordinal (`apps/v1` `PodIndexLabel`). */
const POD_INDEX_LABEL = "apps.kubernetes.io/pod-index";

/** The name of a set's pod with this ordinal. */
export function podName(setName: string, ordinal: number): string {
  return `${setName}-${ordinal}`;
}

/** The set and the ordinal that a pod's name stands for, or undefined for a name of another form. */
export function parsePodName(name: string): { setName: string; ordinal: number } | undefined {
  const [, setName, digits] = /^(.+)-(0|[1-9][0-9]{0,8})$/.exec(name) ?? [];
  return setName && digits ? { setName, ordinal: Number(digits) } : undefined;
}

/** The ordinal of a pod that is named like one of the set's. */
export function ordinalOf(setName: string, pod: Pod): number | undefined {
  const parsed = parsePodName(pod.metadata?.name ?? "");
  return parsed?.setName === setName ? parsed.ordinal : undefined;
}

/** The labels that give a pod its identity in the set. */
export function identityLabels(setName: string, ordinal: number): Record<string, string> {
  return { [POD_NAME_LABEL]: podName(setName, ordinal), [POD_INDEX_LABEL]: String(ordinal) };
}

/** Whether the pod carries the label that other things find it by; anybody may have removed it. */
export function hasIdentity(pod: Pod): boolean {
  return pod.metadata?.labels?.[POD_NAME_LABEL] === pod.metadata?.name;
}

/** The reference by which a set controls its pods and revisions. */
export function controllerReference(set: Stored<StatefulSet>): OwnerReference {
  return {
    apiVersion: apiVersionOf(STATEFUL_SETS),
    kind: STATEFUL_SETS.kind,
    name: set.metadata.name,
    uid: set.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The pod to create for an ordinal, from the template of the revision with the given name. */
export function newPod(
  set: Stored<StatefulSet>,
  ordinal: number,
  revision: { readonly name: string; readonly template: PodTemplateSpec },
): Pod {
  const { template } = revision;
  const name = podName(set.metadata.name, ordinal);
  const { annotations, finalizers, labels } = template.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      labels: {
        ...labels,
        ...identityLabels(set.metadata.name, ordinal),
        [REVISION_LABEL]: revision.name,
      },
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference(set)],
    },
    spec: {
      containers: [],
      ...template.spec,
      hostname: name,
      subdomain: set.spec?.serviceName ?? "",
    },
  };
}
