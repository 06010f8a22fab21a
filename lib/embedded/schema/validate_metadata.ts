/** Whether the metadata of an object is right: `k8s.io/apimachinery/pkg/api/validation/objectmeta.go`. */

import type { FieldError } from "./errors.ts";
import { childPath, forbidden, invalid, required, tooLong } from "./field_error.ts";
import {
  asArray,
  asObject,
  asString,
  entriesOf,
  isObject,
  type Json,
  type JsonObject,
  sameJson,
} from "./json.ts";
import { labelValueProblems, prefixOf, qualifiedNameProblems, type TextRule } from "./names.ts";

/** Most that all annotations of an object may hold, in bytes. */
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** What never changes in the life of an object; whoever leaves it out does not change it. */
const IMMUTABLE = [
  "name",
  "namespace",
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
];

/** What is wrong with the metadata of a new object whose name must follow `nameRule`. */
export function validateMetadata(
  metadata: JsonObject,
  nameRule: TextRule,
  path = "metadata",
): readonly FieldError[] {
  const name = asString(metadata.name);
  const generateName = asString(metadata.generateName);
  return [
    ...(generateName
      ? textErrors(childPath(path, "generateName"), generateName, prefixOf(nameRule))
      : []),
    ...(name
      ? textErrors(childPath(path, "name"), name, nameRule)
      : [required(childPath(path, "name"), "name or generateName is required")]),
    ...validateLabels(metadata.labels, childPath(path, "labels")),
    ...validateAnnotations(metadata.annotations, childPath(path, "annotations")),
    ...validateOwners(metadata.ownerReferences, childPath(path, "ownerReferences")),
    ...validateFinalizers(metadata.finalizers, childPath(path, "finalizers")),
  ];
}

/** What is wrong with metadata that takes the place of others. */
export function validateMetadataUpdate(
  metadata: JsonObject,
  old: JsonObject,
): readonly FieldError[] {
  const immutable = IMMUTABLE.filter((name) =>
    !sameJson(metadata[name] ?? null, old[name] ?? null)
  );
  return [
    ...newFinalizers(metadata, old),
    ...immutable.map((name) =>
      invalid(`metadata.${name}`, metadata[name] ?? "", "field is immutable")
    ),
    ...validateLabels(metadata.labels, "metadata.labels"),
    ...validateAnnotations(metadata.annotations, "metadata.annotations"),
    ...validateOwners(metadata.ownerReferences, "metadata.ownerReferences"),
    ...validateFinalizers(metadata.finalizers, "metadata.finalizers"),
  ];
}

function newFinalizers(metadata: JsonObject, old: JsonObject): readonly FieldError[] {
  if (old.deletionTimestamp === undefined) return [];
  const known = asArray(old.finalizers);
  const added = asArray(metadata.finalizers).filter((finalizer) => !known.includes(finalizer))
    .sort();
  if (added.length === 0) return [];
  const list = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(", ")}}`;
  return [forbidden(
    "metadata.finalizers",
    `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
  )];
}

/** What is wrong with labels. */
export function validateLabels(labels: Json | undefined, path: string): readonly FieldError[] {
  return entriesOf(asObject(labels)).flatMap(([key, value]) => [
    ...textErrors(path, key, qualifiedNameProblems),
    ...textErrors(path, asString(value), labelValueProblems),
  ]);
}

/** What is wrong with annotations. */
export function validateAnnotations(
  annotations: Json | undefined,
  path: string,
): readonly FieldError[] {
  const entries = entriesOf(asObject(annotations));
  const encoder = new TextEncoder();
  const bytes = entries.reduce(
    (sum, [key, value]) =>
      sum + encoder.encode(key).length + encoder.encode(asString(value)).length,
    0,
  );
  return [
    ...entries.flatMap(([key]) =>
      qualifiedNameProblems(key.toLowerCase()).map((problem) => invalid(path, key, problem))
    ),
    ...(bytes > MAX_ANNOTATIONS_BYTES ? [tooLong(path, MAX_ANNOTATIONS_BYTES)] : []),
  ];
}

function validateOwners(owners: Json | undefined, path: string): readonly FieldError[] {
  const references = asArray(owners).filter(isObject);
  const controllers = references.filter(({ controller }) => controller === true)
    .map(({ kind, name }) => `${asString(kind)}/${asString(name)}`);
  const [first, second] = controllers;
  return [
    ...references.flatMap((reference) => validateOwner(reference, path)),
    ...(second === undefined ? [] : [invalid(
      path,
      owners ?? null,
      `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`,
    )]),
  ];
}

function validateOwner(owner: JsonObject, path: string): readonly FieldError[] {
  const empty = (name: string, problem: string): readonly FieldError[] =>
    asString(owner[name]) ? [] : [invalid(childPath(path, name), "", problem)];
  return [
    ...empty("apiVersion", "version must not be empty"),
    ...empty("kind", "must not be empty"),
    ...empty("name", "must not be empty"),
    ...empty("uid", "must not be empty"),
  ];
}

function validateFinalizers(finalizers: Json | undefined, path: string): readonly FieldError[] {
  const names = asArray(finalizers).map(asString);
  const hasBoth = names.includes("orphan") && names.includes("foregroundDeletion");
  return [
    ...names.flatMap((name) => textErrors(path, name, qualifiedNameProblems)),
    ...(hasBoth
      ? [invalid(path, names, "finalizer orphan and foregroundDeletion cannot be both set")]
      : []),
  ];
}

/** One error for each thing that is wrong with a text. */
export function textErrors(path: string, text: string, rule: TextRule): readonly FieldError[] {
  return rule(text).map((problem) => invalid(path, text, problem));
}
