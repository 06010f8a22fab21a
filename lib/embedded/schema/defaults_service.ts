/** Defaults of services, from `pkg/apis/core/v1/defaults.go` of Kubernetes. */

import { fill, steps, within, withinEach } from "./_fill.ts";
import { asArray, type JsonObject } from "./json.ts";

/** Three hours, in seconds. */
const CLIENT_AFFINITY_SECONDS = 10_800;

/** Adds what every service has. Addresses are not among it: those are allocated when it is created. */
export function serviceDefaults(service: JsonObject): JsonObject {
  return within(
    service,
    "spec",
    steps(
      (spec) => fill(spec, { sessionAffinity: "None", type: "ClusterIP" }),
      affinityDefaults,
      (spec) =>
        withinEach(
          spec,
          "ports",
          (port) => fill(withTargetPort(port), { protocol: "TCP", targetPort: port.port ?? 0 }),
        ),
      trafficDefaults,
    ),
  );
}

function affinityDefaults(spec: JsonObject): JsonObject {
  const { sessionAffinityConfig, ...rest } = spec;
  if (spec.sessionAffinity !== "ClientIP") return rest;
  const timeoutSeconds = CLIENT_AFFINITY_SECONDS;
  return fill({ ...rest, ...(sessionAffinityConfig ? { sessionAffinityConfig } : {}) }, {
    sessionAffinityConfig: { clientIP: { timeoutSeconds } },
  });
}

/** Without a target port that is none: 0 and an empty string stand for absent. */
function withTargetPort(port: JsonObject): JsonObject {
  if (port.targetPort !== 0 && port.targetPort !== "") return port;
  const { targetPort: _, ...rest } = port;
  return rest;
}

function trafficDefaults(spec: JsonObject): JsonObject {
  const isExternal = spec.type === "NodePort" || spec.type === "LoadBalancer" ||
    (spec.type === "ClusterIP" && asArray(spec.externalIPs).length > 0);
  const hasAddress = spec.type !== "ExternalName";
  return fill(spec, {
    ...(isExternal ? { externalTrafficPolicy: "Cluster" } : {}),
    ...(hasAddress ? { internalTrafficPolicy: "Cluster" } : {}),
    ...(spec.type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
  });
}
