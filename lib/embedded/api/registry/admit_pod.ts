/** What a cluster adds to every new pod, as the admission plugins of a default kube-apiserver do. */

import { asArray, asObject, type Json, type JsonObject } from "../json.ts";
import { type ApiObject, asApiObject } from "../object.ts";
import type { Storage } from "../storage/storage.ts";

/** How long a pod stays on a node that is gone, in s (`DefaultTolerationSeconds`). */
const TOLERATION_SECONDS = 300;

/** The taints that every pod tolerates for a while. */
const TOLERATED = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/**
 * Adds the default service account, the default priority and the tolerations for nodes that fail. The token volume of a
 * real cluster is left out: there is nobody here who would issue the token.
 */
export function admitPod(pod: ApiObject, _storage: Storage, current?: ApiObject): ApiObject {
  if (current) return pod;
  const spec = asObject(pod.spec);
  const account = spec.serviceAccountName ?? spec.serviceAccount ?? "default";
  return asApiObject({
    ...pod,
    spec: {
      ...spec,
      serviceAccountName: account,
      serviceAccount: account,
      priority: spec.priority ?? 0,
      preemptionPolicy: spec.preemptionPolicy ?? "PreemptLowerPriority",
      tolerations: withDefaultTolerations(asArray(spec.tolerations)),
    },
  });
}

function withDefaultTolerations(tolerations: readonly Json[]): readonly Json[] {
  const added = TOLERATED.filter((key) =>
    !tolerations.some((entry) => tolerates(asObject(entry), key))
  );
  return [
    ...tolerations,
    ...added.map((key) => ({
      key,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: TOLERATION_SECONDS,
    })),
  ];
}

function tolerates({ key, effect }: JsonObject, taint: string): boolean {
  return (key === taint || key === undefined || key === "") &&
    (effect === "NoExecute" || effect === undefined || effect === "");
}
