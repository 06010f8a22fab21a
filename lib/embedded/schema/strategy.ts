/** What a registry does to an object before it is validated: status, generation, and fields that only the server sets. */

import { createPod, updatePodStatus } from "./_pod_strategy.ts";
import { createService, updateService } from "./_service_strategy.ts";
import { builtInDefaults } from "./defaults_builtin.ts";
import { goShape } from "./go_shape.ts";
import {
  asArray,
  asObject,
  type Json,
  type JsonObject,
  sameJson,
  valueAt,
  withValueAt,
} from "./json.ts";
import type { KindSchema } from "./kind.ts";
import { keepTimes } from "./_ownership.ts";

/** Changes an object that is about to be created. */
type Creation = (object: JsonObject) => JsonObject;
/** Changes an object that is about to take the place of an old one. */
type Update = (object: JsonObject, old: JsonObject) => JsonObject;

/** Built-in kinds whose `metadata.generation` counts the changes of their spec. */
const COUNTED = [
  "/Pod",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "discovery.k8s.io/EndpointSlice",
  "networking.k8s.io/NetworkPolicy",
  "policy/PodDisruptionBudget",
];

const CREATIONS: Readonly<Record<string, Creation>> = {
  "/Namespace": (namespace) => {
    const finalizers = asArray(valueAt(namespace, "spec", "finalizers"));
    if (finalizers.includes("kubernetes")) return namespace;
    return withValueAt(namespace, ["spec", "finalizers"], [...finalizers, "kubernetes"]);
  },
  "/Pod": createPod,
  "/Service": createService,
};

const UPDATES: Readonly<Record<string, Update>> = {
  "/Namespace": (namespace, old) =>
    withValueAt(namespace, ["spec", "finalizers"], valueAt(old, "spec", "finalizers")),
  "/Service": updateService,
};

const STATUS_UPDATES: Readonly<Record<string, Update>> = {
  "/Pod": updatePodStatus,
};

/**
 * An object as its registry prepares it for creation: without a status of the client, with the first generation, and with
 * what the registry alone fills in, such as a pod's phase.
 */
export function prepareForCreate(kind: KindSchema, object: JsonObject): JsonObject {
  const key = keyOf(kind);
  const counted = isCounted(kind) ? withValueAt(object, ["metadata", "generation"], 1) : object;
  if (kind.custom) return kind.hasStatus ? withValueAt(counted, ["status"], undefined) : counted;
  // A node registers itself together with its status.
  const initial = kind.hasStatus && key !== "/Node" ? withInitialStatus(kind, counted) : counted;
  return CREATIONS[key]?.(initial) ?? initial;
}

/**
 * An object as its registry prepares it to take the place of `old`: through the main resource the status stays as it was,
 * through `status` all but the status does; the generation grows when what is wanted changes. If in the end nothing but
 * the times of field managers would change, they stay as they were, too.
 */
export function prepareForUpdate(
  kind: KindSchema,
  object: JsonObject,
  old: JsonObject,
  subresource: string,
): JsonObject {
  return keepTimes(prepare(kind, object, old, subresource), old);
}

function prepare(
  kind: KindSchema,
  object: JsonObject,
  old: JsonObject,
  subresource: string,
): JsonObject {
  const kept = withValueAt(
    object,
    ["metadata", "generation"],
    valueAt(old, "metadata", "generation"),
  );
  if (subresource === "status") return prepareStatus(kind, kept, old);
  const withOldStatus = kind.hasStatus ? withValueAt(kept, ["status"], old.status) : kept;
  if (subresource === "finalize") return withOldStatus;
  const prepared = UPDATES[keyOf(kind)]?.(withOldStatus, old) ?? withOldStatus;
  if (!isCounted(kind) || isSameWish(kind, prepared, old)) return prepared;
  const generation = Number(valueAt(old, "metadata", "generation") ?? 0) + 1;
  return withValueAt(prepared, ["metadata", "generation"], generation);
}

function prepareStatus(kind: KindSchema, object: JsonObject, old: JsonObject): JsonObject {
  if (kind.custom) {
    const managedFields = valueAt(object, "metadata", "managedFields");
    const unchanged = withValueAt(old, ["metadata", "managedFields"], managedFields);
    return withValueAt(unchanged, ["status"], object.status);
  }
  const prepared = withValueAt(object, ["spec"], old.spec);
  return STATUS_UPDATES[keyOf(kind)]?.(prepared, old) ?? prepared;
}

function withInitialStatus(kind: KindSchema, object: JsonObject): JsonObject {
  const { status: _, ...rest } = object;
  const initial = builtInDefaults(kind, { ...rest, status: {} });
  const schema = kind.root.property("status");
  return { ...rest, status: schema ? goShape(asObject(initial.status), schema) : {} };
}

function isCounted(kind: KindSchema): boolean {
  return kind.custom || COUNTED.includes(keyOf(kind));
}

/** Whether what a client wants is the same: all but metadata for custom resources, the spec otherwise. */
function isSameWish(kind: KindSchema, object: JsonObject, old: JsonObject): boolean {
  if (kind.custom) return sameJson(withoutMetadata(object), withoutMetadata(old));
  const annotations = (of: JsonObject): Json | undefined => valueAt(of, "metadata", "annotations");
  const areNoted = kind.kind !== "Deployment" || sameJson(annotations(object), annotations(old));
  return areNoted && sameJson(object.spec, old.spec);
}

function withoutMetadata({ metadata: _, ...rest }: JsonObject): JsonObject {
  return rest;
}

function keyOf({ group, kind }: KindSchema): string {
  return `${group}/${kind}`;
}
