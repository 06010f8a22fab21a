/** Whether an object is right: what the real server answers 422 for, in its words and its order. */

import type { FieldError } from "./errors.ts";
import { distinct } from "./field_error.ts";
import { asObject, type JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";
import {
  dns1035Problems,
  labelNameProblems,
  pathSegmentProblems,
  subdomainProblems,
  type TextRule,
} from "./names.ts";
import { validateCustomCreate, validateCustomUpdate } from "./validate_custom.ts";
import { validateDefinition, validateDefinitionUpdate } from "./validate_definition.ts";
import { validateEvent, validateEventUpdate } from "./validate_event.ts";
import { validateMetadata, validateMetadataUpdate } from "./validate_metadata.ts";
import {
  validateClaim,
  validateConfigMap,
  validateDataUpdate,
  validateLease,
  validateRevision,
  validateRevisionUpdate,
  validateSecret,
} from "./validate_objects.ts";
import { validatePod, validatePodUpdate } from "./validate_pod.ts";
import { validateService, validateServiceUpdate } from "./validate_service.ts";
import {
  validateDeployment,
  validateReplicaSet,
  validateSelectorUpdate,
  validateStatefulSet,
  validateStatefulSetUpdate,
} from "./validate_workload.ts";

/** What is checked of a built-in kind, beyond the metadata that all kinds have. */
interface Checks {
  /** What its names may look like; subdomains if absent. */
  readonly name?: TextRule;
  /** Checks an object. */
  readonly object?: (object: JsonObject) => readonly FieldError[];
  /** Checks an object that takes the place of an old one; as a new one if absent. */
  readonly update?: (
    object: JsonObject,
    old: JsonObject,
    subresource: string,
  ) => readonly FieldError[];
}

const RBAC: Checks = { name: pathSegmentProblems };

const CHECKS: Readonly<Record<string, Checks>> = {
  "/ConfigMap": {
    object: validateConfigMap,
    update: (map, old) => [...validateConfigMap(map), ...validateDataUpdate(map, old)],
  },
  "/Namespace": { name: labelNameProblems },
  "/PersistentVolumeClaim": { object: validateClaim },
  "/Pod": { object: validatePod, update: validatePodUpdate },
  "/Secret": {
    object: validateSecret,
    update: (secret, old) => [...validateSecret(secret), ...validateDataUpdate(secret, old)],
  },
  "/Service": { name: dns1035Problems, object: validateService, update: validateServiceUpdate },
  "apiextensions.k8s.io/CustomResourceDefinition": {
    object: validateDefinition,
    update: (definition, old, subresource) =>
      subresource === "status" ? [] : validateDefinitionUpdate(definition, old),
  },
  "apps/ControllerRevision": { object: validateRevision, update: validateRevisionUpdate },
  "apps/Deployment": {
    object: validateDeployment,
    update: (deployment, old) => [
      ...validateDeployment(deployment),
      ...validateSelectorUpdate(deployment, old),
    ],
  },
  "apps/ReplicaSet": {
    object: validateReplicaSet,
    update: (set, old) => [...validateReplicaSet(set), ...validateSelectorUpdate(set, old)],
  },
  "apps/StatefulSet": {
    name: labelNameProblems,
    object: validateStatefulSet,
    update: validateStatefulSetUpdate,
  },
  "coordination.k8s.io/Lease": { object: validateLease },
  "rbac.authorization.k8s.io/ClusterRole": RBAC,
  "rbac.authorization.k8s.io/ClusterRoleBinding": RBAC,
  "rbac.authorization.k8s.io/Role": RBAC,
  "rbac.authorization.k8s.io/RoleBinding": RBAC,
};

/** What is wrong with an object that is about to be created, named, defaulted and prepared; nothing if it is right. */
export function validateCreate(kind: KindSchema, object: JsonObject): readonly FieldError[] {
  if (kind.custom) return distinct(validateCustomCreate(kind, object));
  if (isEvent(kind)) return distinct(validateEvent(object));
  const { name = subdomainProblems, object: check } = checksOf(kind);
  return distinct([...validateMetadata(asObject(object.metadata), name), ...check?.(object) ?? []]);
}

/** What is wrong with an object that is about to take the place of `old`, through the main resource or a subresource. */
export function validateUpdate(
  kind: KindSchema,
  object: JsonObject,
  old: JsonObject,
  subresource: string,
): readonly FieldError[] {
  if (kind.custom) return distinct(validateCustomUpdate(kind, object, old, subresource));
  if (isEvent(kind)) return distinct(validateEventUpdate(object, old));
  const { object: check, update } = checksOf(kind);
  return distinct([
    ...validateMetadataUpdate(asObject(object.metadata), asObject(old.metadata)),
    ...update?.(object, old, subresource) ?? check?.(object) ?? [],
  ]);
}

function checksOf({ group, kind }: KindSchema): Checks {
  return CHECKS[`${group}/${kind}`] ?? {};
}

function isEvent({ group, kind }: KindSchema): boolean {
  return kind === "Event" && (group === "" || group === "events.k8s.io");
}
