/** What the registry does to pods; what admission adds to them is done elsewhere. */

import { asArray, asObject, type Json, type JsonObject, valueAt, withValueAt } from "./json.ts";
import { quantityNanos } from "./quantity.ts";

/** Resources that decide on the quality of service; from `pkg/apis/core/v1/helper/qos`. */
const QOS_RESOURCES = ["cpu", "memory"];

/** A new pod is pending, its quality of service is known for good, and a negative time to end in is one second. */
export function createPod(pod: JsonObject): JsonObject {
  const created = { ...pod, status: { phase: "Pending", qosClass: qosClassOf(pod) } };
  const graceSeconds = valueAt(pod, "spec", "terminationGracePeriodSeconds");
  if (typeof graceSeconds !== "number" || graceSeconds >= 0) return created;
  return withValueAt(created, ["spec", "terminationGracePeriodSeconds"], 1);
}

/** Through its status a pod gets no other owners, and its quality of service never changes. */
export function updatePodStatus(pod: JsonObject, old: JsonObject): JsonObject {
  const owners = valueAt(old, "metadata", "ownerReferences");
  const owned = withValueAt(pod, ["metadata", "ownerReferences"], owners);
  if (valueAt(pod, "status", "qosClass")) return owned;
  return withValueAt(owned, ["status", "qosClass"], valueAt(old, "status", "qosClass"));
}

/** How the pod is treated when its node runs short: `Guaranteed`, `Burstable` or `BestEffort`. */
function qosClassOf(pod: JsonObject): string {
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
