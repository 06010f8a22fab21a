/**
 * Whether the fields that the scale subresource of a custom resource shows are what it needs, whatever the schema
 * says: `k8s.io/apiextensions-apiserver/pkg/registry/customresource/validator.go`.
 */

import type { FieldError } from "./errors.ts";
import { invalid } from "./field_error.ts";
import { entriesOf, has, isArray, isObject, type Json, type JsonObject } from "./json.ts";

/** Most replicas. */
const MAX_INT32 = 2 ** 31 - 1;

/** Paths of the fields that a scale subresource shows, such as `.spec.replicas`. */
export interface ScaleFields {
  /** Replicas that are wanted. */
  readonly specReplicas: string;
  /** Replicas that there are. */
  readonly statusReplicas: string;
  /** Selector of the pods, as text. */
  readonly selector: string | undefined;
}

/** What is wrong with the wanted replicas. */
export function validateScaleSpec(
  object: JsonObject,
  scale: ScaleFields | undefined,
): readonly FieldError[] {
  return scale ? replicasErrors(object, scale.specReplicas) : [];
}

/** What is wrong with the replicas that there are, and with their selector. */
export function validateScaleStatus(
  object: JsonObject,
  scale: ScaleFields | undefined,
): readonly FieldError[] {
  if (!scale) return [];
  const { statusReplicas, selector } = scale;
  return [
    ...replicasErrors(object, statusReplicas),
    ...(selector ? textErrors(object, selector) : []),
  ];
}

function replicasErrors(object: JsonObject, path: string): FieldError[] {
  const found = lookUp(object, path);
  if (found === undefined) return [];
  if ("problem" in found) return [invalid(path, 0, found.problem)];
  const { value } = found;
  if (goType(value) !== "int64" || typeof value !== "number") {
    return [invalid(path, 0, accessorProblem(path, value, "int64"))];
  }
  if (value < 0) return [invalid(path, value, "should be a non-negative integer")];
  if (value <= MAX_INT32) return [];
  return [invalid(path, value, `should be less than or equal to ${MAX_INT32}`)];
}

function textErrors(object: JsonObject, path: string): FieldError[] {
  const found = lookUp(object, path);
  if (found === undefined) return [];
  if ("problem" in found) return [invalid(path, "", found.problem)];
  if (typeof found.value === "string") return [];
  return [invalid(path, "", accessorProblem(path, found.value, "string"))];
}

/** What stands at a path: a value, nothing, or something on the way that has no members. */
function lookUp(
  object: JsonObject,
  path: string,
): { readonly value: Json } | { readonly problem: string } | undefined {
  const names = path.split(".").filter(Boolean);
  let value: Json = object;
  for (const [index, name] of names.entries()) {
    if (value === null) return undefined;
    if (!isObject(value)) {
      const here = `.${names.slice(0, index + 1).join(".")}`;
      return { problem: accessorProblem(here, value, "map[string]interface{}") };
    }
    if (!has(value, name)) return undefined;
    value = value[name] ?? null;
  }
  return { value };
}

/** In the words of `k8s.io/apimachinery/pkg/apis/meta/v1/unstructured/helpers.go`. */
function accessorProblem(path: string, value: Json, expected: string): string {
  return `${path} accessor error: ${goText(value)} is of the type ${
    goType(value)
  }, expected ${expected}`;
}

/** The type that Go's decoder gives to a JSON value. */
function goType(value: Json): string {
  if (value === null) return "<nil>";
  if (isArray(value)) return "[]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "map[string]interface {}";
}

/** A value as Go's `%v` shows it. */
function goText(value: Json): string {
  if (value === null) return "<nil>";
  if (isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (!isObject(value)) return String(value);
  const members = entriesOf(value).map(([name, member]) => `${name}:${goText(member)}`);
  return `map[${members.sort().join(" ")}]`;
}
