/** Defaults of containers, from `pkg/apis/core/v1/defaults.go` of Kubernetes. */

import { type Fill, fill, steps, within, withinEach } from "./_fill.ts";
import { asObject, asString, isObject, type JsonObject } from "./json.ts";

/** Adds what every container has, in a pod as well as in a pod template. */
export const containerDefaults: Fill = steps(
  (container) =>
    fill(container, {
      imagePullPolicy: pullPolicyOf(asString(container.image)),
      resources: {},
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
    }),
  (container) => withinEach(container, "ports", (port) => fill(port, { protocol: "TCP" })),
  (container) =>
    withinEach(
      container,
      "env",
      (variable) =>
        within(variable, "valueFrom", (source) => within(source, "fieldRef", fieldDefaults)),
    ),
  (container) => within(container, "livenessProbe", probeDefaults),
  (container) => within(container, "readinessProbe", probeDefaults),
  (container) => within(container, "startupProbe", probeDefaults),
  (container) =>
    within(
      container,
      "lifecycle",
      steps(
        (hooks) => within(hooks, "postStart", handlerDefaults),
        (hooks) => within(hooks, "preStop", handlerDefaults),
      ),
    ),
);

/** Adds to a reference to a field of the pod which version it is in. */
export function fieldDefaults(reference: JsonObject): JsonObject {
  return fill(reference, { apiVersion: "v1" });
}

const handlerDefaults: Fill = (handler) =>
  within(handler, "httpGet", (action) => fill(action, { path: "/", scheme: "HTTP" }));

const probeDefaults: Fill = steps(
  (probe) =>
    fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  handlerDefaults,
  (probe) => within(probe, "grpc", (action) => fill(action, { service: "" })),
);

/** In a pod, not in a template: what is limited and not requested is requested up to its limit. */
export function requestDefaults(container: JsonObject): JsonObject {
  return within(container, "resources", (resources) => {
    const { limits, requests } = resources;
    if (!isObject(limits)) return resources;
    return { ...resources, requests: { ...limits, ...asObject(requests) } };
  });
}

/** In the host's network a container's port is that of the host. */
export function hostPortDefaults(container: JsonObject): JsonObject {
  return withinEach(
    container,
    "ports",
    (port) => port.containerPort === undefined ? port : fillHostPort(port),
  );
}

function fillHostPort(port: JsonObject): JsonObject {
  return fill(port, { hostPort: port.containerPort ?? 0 });
}

/** An image that may change under its name is pulled every time. */
export function pullPolicyOf(image: string): string {
  if (image.includes("@")) return "IfNotPresent";
  const [, tag = "latest"] = /:([^/:]*)$/.exec(image) ?? [];
  return tag === "latest" ? "Always" : "IfNotPresent";
}
