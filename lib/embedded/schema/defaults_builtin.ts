/** Defaults of the built-in kinds that OpenAPI does not carry, from the `defaults.go` files of Kubernetes. */

import { type Fill, fill, steps, within, withinEach } from "./_fill.ts";
import { claimSpecDefaults, podDefaults, templateDefaults } from "./defaults_pod.ts";
import { serviceDefaults } from "./defaults_service.ts";
import { asArray, asObject, asString, isObject, type Json, type JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";

const RBAC = "rbac.authorization.k8s.io";

const claimDefaults: Fill = steps(
  (claim) => within(claim, "spec", claimSpecDefaults),
  (claim) => within(claim, "status", (status) => fill(status, { phase: "Pending" })),
);

const statefulSetDefaults: Fill = (set) =>
  within(
    set,
    "spec",
    steps(
      (spec) =>
        fill(spec, { podManagementPolicy: "OrderedReady", replicas: 1, revisionHistoryLimit: 10 }),
      (spec) =>
        within(
          spec,
          "updateStrategy",
          (strategy) =>
            strategy.type
              ? strategy
              : fill({ ...strategy, type: "RollingUpdate" }, { rollingUpdate: {} }),
        ),
      (spec) =>
        within(
          spec,
          "updateStrategy",
          (strategy) =>
            strategy.type === "RollingUpdate"
              ? within(strategy, "rollingUpdate", (update) => fill(update, { partition: 0 }))
              : strategy,
        ),
      (spec) => fill(spec, { persistentVolumeClaimRetentionPolicy: {} }),
      (spec) =>
        within(
          spec,
          "persistentVolumeClaimRetentionPolicy",
          (policy) => fill(policy, { whenDeleted: "Retain", whenScaled: "Retain" }),
        ),
      templateDefaults,
      (spec) =>
        withinEach(
          spec,
          "volumeClaimTemplates",
          steps(
            (claim) => fill(claim, { apiVersion: "v1", kind: "PersistentVolumeClaim" }),
            claimDefaults,
          ),
        ),
    ),
  );

const deploymentDefaults: Fill = (deployment) =>
  within(
    deployment,
    "spec",
    steps(
      (spec) => fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
      (spec) => within(spec, "strategy", (strategy) => fill(strategy, { type: "RollingUpdate" })),
      (spec) =>
        within(
          spec,
          "strategy",
          (strategy) =>
            strategy.type === "RollingUpdate" ? fill(strategy, { rollingUpdate: {} }) : strategy,
        ),
      (spec) =>
        within(
          spec,
          "strategy",
          (strategy) =>
            within(
              strategy,
              "rollingUpdate",
              (update) => fill(update, { maxSurge: "25%", maxUnavailable: "25%" }),
            ),
        ),
      templateDefaults,
    ),
  );

const definitionDefaults: Fill = steps(
  (definition) =>
    within(
      definition,
      "spec",
      steps(
        (spec) =>
          within(spec, "names", (names) => {
            const kind = asString(names.kind);
            const filled = fill(names, { singular: kind.toLowerCase() });
            return kind ? fill(filled, { listKind: `${kind}List` }) : filled;
          }),
        (spec) => fill(spec, { conversion: { strategy: "None" } }),
      ),
    ),
  (definition) => within(definition, "status", (status) => storedVersions(definition, status)),
);

function storedVersions(definition: JsonObject, status: JsonObject): JsonObject {
  if (asArray(status.storedVersions).length > 0) return status;
  const stored = asArray(asObject(definition.spec).versions).filter(isObject)
    .find(({ storage }) => storage === true);
  return stored ? { ...status, storedVersions: [asString(stored.name)] } : status;
}

const networkPolicyDefaults: Fill = (policy) => {
  const portDefaults: Fill = (rule) =>
    withinEach(rule, "ports", (port) => fill(port, { protocol: "TCP" }));
  return within(
    policy,
    "spec",
    steps(
      (spec) => withinEach(spec, "ingress", portDefaults),
      (spec) => withinEach(spec, "egress", portDefaults),
      (spec) => fill(spec, { policyTypes: spec.egress ? ["Ingress", "Egress"] : ["Ingress"] }),
    ),
  );
};

const bindingDefaults: Fill = steps(
  (binding) =>
    within(binding, "roleRef", (role) => role.apiGroup ? role : { ...role, apiGroup: RBAC }),
  (binding) =>
    withinEach(
      binding,
      "subjects",
      (subject) => subject.kind === "ServiceAccount" ? subject : fill(subject, { apiGroup: RBAC }),
    ),
);

const namespaceDefaults: Fill = steps(
  (namespace) => within(namespace, "status", (status) => fill(status, { phase: "Active" })),
  (namespace) =>
    within(namespace, "metadata", (metadata) => {
      const name = asString(metadata.name);
      if (!name) return metadata;
      return {
        ...metadata,
        labels: { ...asObject(metadata.labels), "kubernetes.io/metadata.name": name },
      };
    }),
);

/** `stringData` is for writing only: it is stored in `data`, in base64. */
const secretDefaults: Fill = (secret) => {
  const { stringData, ...rest } = fill(secret, { type: "Opaque" });
  if (!isObject(stringData)) return rest;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, base64(asString(text))]);
  return { ...rest, data: { ...asObject(rest.data), ...Object.fromEntries(encoded) } };
};

function base64(text: string): string {
  return btoa(
    Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""),
  );
}

const DEFAULTS: Readonly<Record<string, Fill>> = {
  "/Namespace": namespaceDefaults,
  "/Node": (node) => within(node, "status", (status) => capacityAllocatable(status)),
  "/PersistentVolume": (volume) =>
    within(
      within(volume, "status", (status) => fill(status, { phase: "Pending" })),
      "spec",
      (spec) => fill(spec, { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" }),
    ),
  "/PersistentVolumeClaim": claimDefaults,
  "/Pod": podDefaults,
  "/Secret": secretDefaults,
  "/Service": serviceDefaults,
  "apiextensions.k8s.io/CustomResourceDefinition": definitionDefaults,
  "apps/Deployment": deploymentDefaults,
  "apps/ReplicaSet": (set) =>
    within(set, "spec", steps((spec) => fill(spec, { replicas: 1 }), templateDefaults)),
  "apps/StatefulSet": statefulSetDefaults,
  "discovery.k8s.io/EndpointSlice": (slice) =>
    withinEach(slice, "ports", (port) => fill(port, { name: "", protocol: "TCP" })),
  "networking.k8s.io/NetworkPolicy": networkPolicyDefaults,
  [`${RBAC}/ClusterRoleBinding`]: bindingDefaults,
  [`${RBAC}/RoleBinding`]: bindingDefaults,
  "storage.k8s.io/StorageClass": (storage) =>
    fill(storage, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
};

function capacityAllocatable(status: JsonObject): JsonObject {
  const capacity: Json | undefined = status.capacity;
  return capacity === undefined ? status : fill(status, { allocatable: capacity });
}

/** Adds the defaults of a built-in kind to an object that has the shape of its Go type. */
export function builtInDefaults({ group, kind }: KindSchema, object: JsonObject): JsonObject {
  return DEFAULTS[`${group}/${kind}`]?.(object) ?? object;
}
