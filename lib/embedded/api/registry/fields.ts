/** The fields that selectors may name, for each kind. */

import { asArray, asString, type Json, valueAt } from "../json.ts";
import type { FieldReader, SelectableFields } from "../selectors/field_selector.ts";

const METADATA: Readonly<Record<string, FieldReader>> = {
  "metadata.name": (object) => object.metadata.name ?? "",
  "metadata.namespace": (object) => object.metadata.namespace ?? "",
};

/** What every kind offers that has no fields of its own. */
export const METADATA_FIELDS: SelectableFields = { readers: METADATA, listsKnown: true };

/** Makes the fields of a kind from their paths, with those of the metadata. */
export function fieldsAt(...paths: readonly string[]): SelectableFields {
  const readers = Object.fromEntries(paths.map((path) => [path, readerOf(path)]));
  return { readers: { ...METADATA, ...readers }, listsKnown: false };
}

/** Reads a field by its path; what is absent, null or no scalar reads as empty. */
export function readerOf(path: string): FieldReader {
  const names = path.split(".");
  return (object) => text(valueAt(object, ...names));
}

function text(value: Json | undefined): string {
  return value === undefined || value === null || typeof value === "object" ? "" : String(value);
}

/** A flag that is `false` when it is not set. */
function flag(path: string): FieldReader {
  const read = readerOf(path);
  return (object) => read(object) || "false";
}

/** Fields of pods. */
export const POD_FIELDS: SelectableFields = {
  listsKnown: false,
  readers: {
    ...fieldsAt(
      "spec.nodeName",
      "spec.restartPolicy",
      "spec.schedulerName",
      "spec.serviceAccountName",
      "status.phase",
      "status.podIP",
      "status.nominatedNodeName",
    ).readers,
    "spec.hostNetwork": flag("spec.hostNetwork"),
    "status.podIPs": (object) =>
      asArray(valueAt(object, "status", "podIPs")).map((entry) => asString(valueAt(entry, "ip")))
        .join(","),
  },
};

/** Fields of nodes. */
export const NODE_FIELDS: SelectableFields = {
  listsKnown: false,
  readers: { ...METADATA, "spec.unschedulable": flag("spec.unschedulable") },
};

/** Fields of namespaces. */
export const NAMESPACE_FIELDS: SelectableFields = fieldsAt("status.phase");

/** Fields of secrets. */
export const SECRET_FIELDS: SelectableFields = fieldsAt("type");

/** Fields of services. */
export const SERVICE_FIELDS: SelectableFields = fieldsAt("spec.clusterIP", "spec.type");

const REFERENCE = [
  "kind",
  "namespace",
  "name",
  "uid",
  "apiVersion",
  "resourceVersion",
  "fieldPath",
];

/** Fields of events in the core group. */
export const CORE_EVENT_FIELDS: SelectableFields = {
  listsKnown: false,
  readers: {
    ...fieldsAt(
      ...REFERENCE.map((name) => `involvedObject.${name}`),
      "reason",
      "reportingComponent",
      "type",
    ).readers,
    source: readerOf("source.component"),
  },
};

/** Fields of events in `events.k8s.io`. */
export const EVENT_FIELDS: SelectableFields = fieldsAt(
  ...REFERENCE.map((name) => `regarding.${name}`),
  "reason",
  "reportingController",
  "type",
);
