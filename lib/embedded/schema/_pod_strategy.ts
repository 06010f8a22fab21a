/** What the registry and admission do to pods. */

import {
  asArray,
  asObject,
  isObject,
  type Json,
  type JsonObject,
  valueAt,
  withValueAt,
} from "./json.ts";
import { quantityNanos } from "./quantity.ts";

/** Resources that decide on the quality of service; from `pkg/apis/core/v1/helper/qos`. */
const QOS_RESOURCES = ["cpu", "memory"];

/** How long a pod stays on a node that is not ready, in seconds; from the DefaultTolerationSeconds admission plugin. */
const TOLERATED_SECONDS = 300;
const TOLERATED_TAINTS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** A new pod is pending; admission gives it a priority and the two tolerations that all pods have. */
export function createPod(pod: JsonObject): JsonObject {
  const spec = asObject(pod.spec);
  const tolerations = asArray(spec.tolerations).filter(isObject);
  const added = TOLERATED_TAINTS.filter((key) =>
    !tolerations.some((toleration) => tolerates(toleration, key))
  )
    .map((key) => ({
      key,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: TOLERATED_SECONDS,
    }));
  return {
    ...pod,
    spec: {
      priority: 0,
      preemptionPolicy: "PreemptLowerPriority",
      ...spec,
      tolerations: [...tolerations, ...added],
    },
    status: { phase: "Pending", qosClass: qosClassOf(pod) },
  };
}

function tolerates(toleration: JsonObject, key: string): boolean {
  const matchesKey = toleration.key === undefined || toleration.key === key;
  const matchesEffect = toleration.effect === undefined || toleration.effect === "NoExecute";
  return matchesKey && matchesEffect;
}

/** Through its status a pod gets no other owners, and its quality of service never changes. */
export function updatePodStatus(pod: JsonObject, old: JsonObject): JsonObject {
  const owners = valueAt(old, "metadata", "ownerReferences");
  const owned = withValueAt(pod, ["metadata", "ownerReferences"], owners);
  if (valueAt(pod, "status", "qosClass")) return owned;
  return withValueAt(owned, ["status", "qosClass"], valueAt(old, "status", "qosClass"));
}

/** How the pod is treated when its node runs short: `Guaranteed`, `Burstable` or `BestEffort`. */
export function qosClassOf(pod: JsonObject): string {
  const spec = asObject(pod.spec);
  const containers = [...asArray(spec.containers), ...asArray(spec.initContainers)];
  const resources = containers.map((container) => {
    const { requests, limits } = asObject(asObject(container).resources);
    return { requests: asObject(requests), limits: asObject(limits) };
  });
  const isAsked = resources.some(({ requests, limits }) =>
    QOS_RESOURCES.some((name) => isPositive(requests[name]) || isPositive(limits[name]))
  );
  if (!isAsked) return "BestEffort";
  const isGuaranteed = resources.every(({ requests, limits }) =>
    QOS_RESOURCES.every((name) =>
      isPositive(limits[name]) && (requests[name] === undefined || requests[name] === limits[name])
    )
  );
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

function isPositive(quantity: Json | undefined): boolean {
  return typeof quantity === "string" && (quantityNanos(quantity) ?? 0n) > 0n;
}
