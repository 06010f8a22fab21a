/** Whether JSON fits the Go types behind the built-in kinds, and the words in which the real server says that it does not. */

import { entriesOf, isArray, isObject, type Json, type JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";
import { base64Problem, timeProblem } from "./_scalars.ts";
import { isQuantity, QUANTITY_PATTERN } from "./quantity.ts";
import { MICRO_TIME, QUANTITY, type Schema, shortName, TIME } from "./schema.ts";

/** The Go struct that is being filled, and the path of the field in it; lists and maps do not show in the path. */
interface Place {
  readonly struct: string;
  readonly path: string;
}

/**
 * What is wrong with the JSON types in an object of a built-in kind, or in the metadata of any: the end of the message
 * `Pod in version "v1" cannot be handled as a Pod: …`. Only the first problem is named, as the real server does.
 *
 * Fields that do not exist are no problem here, see {@linkcode prune}; those of custom resources are validated later.
 */
export function decodeProblem(kind: KindSchema, object: JsonObject): string | undefined {
  if (!kind.custom) return problemOf(object, kind.root, { struct: kind.kind, path: "" });
  const metadata = kind.root.property("metadata");
  const problem = object.metadata !== undefined && metadata &&
    problemOf(object.metadata, metadata, { struct: "", path: "" });
  return problem || embeddedProblem(object, kind.root, "");
}

/** Embedded objects are told apart by texts already while they are read. */
function embeddedProblem(value: Json, schema: Schema, path: string): string | undefined {
  if (isArray(value)) {
    const items = schema.items;
    return items &&
      firstOf(value, (item, index) => embeddedProblem(item, items, `${path}[${index}]`));
  }
  if (!isObject(value)) return undefined;
  return firstOf(entriesOf(value), ([name, member]) => {
    const memberPath = path ? `${path}.${name}` : name;
    const isText = schema.source["x-kubernetes-embedded-resource"] &&
      ["apiVersion", "kind"].includes(name);
    if (isText && typeof member !== "string") {
      return `${memberPath}: Invalid value: ${JSON.stringify(member)}: must be a string`;
    }
    const child = schema.child(name);
    return child && embeddedProblem(member, child, memberPath);
  });
}

function firstOf<T>(
  items: readonly T[],
  problemOfItem: (item: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const problem = problemOfItem(item, index);
    if (problem) return problem;
  }
  return undefined;
}

function problemOf(value: Json, schema: Schema, place: Place): string | undefined {
  if (value === null) return undefined;
  const { type, format } = schema.source;
  if (schema.definition === QUANTITY) return quantityProblem(value);
  if (format === "int-or-string") {
    return typeof value === "string" ? undefined : integerProblem(value, "int32", place);
  }
  switch (type) {
    case "object":
      return isObject(value) ? objectProblem(value, schema, place) : mismatch(value, schema, place);
    case "array":
      return isArray(value) ? arrayProblem(value, schema, place) : mismatch(value, schema, place);
    case "string":
      return typeof value === "string"
        ? stringProblem(value, schema)
        : mismatch(value, schema, place);
    case "integer":
      return integerProblem(value, format ?? "int64", place);
    case "number":
      return typeof value === "number" ? undefined : mismatch(value, schema, place);
    case "boolean":
      return typeof value === "boolean" ? undefined : mismatch(value, schema, place);
    default:
      return undefined;
  }
}

function objectProblem(object: JsonObject, schema: Schema, place: Place): string | undefined {
  const struct = schema.source.properties && schema.definition
    ? shortName(schema.definition)
    : place.struct;
  for (const [name, value] of entriesOf(object)) {
    const property = schema.property(name);
    const child = property ?? schema.additional;
    if (!child) continue;
    const path = property ? [place.path, name].filter(Boolean).join(".") : place.path;
    const problem = problemOf(value, child, { struct: property ? struct : place.struct, path });
    if (problem) return problem;
  }
  return undefined;
}

function arrayProblem(items: readonly Json[], schema: Schema, place: Place): string | undefined {
  const item = schema.items;
  if (!item) return undefined;
  for (const value of items) {
    const problem = problemOf(value, item, place);
    if (problem) return problem;
  }
  return undefined;
}

function stringProblem(value: string, schema: Schema): string | undefined {
  if (schema.definition === TIME || schema.definition === MICRO_TIME) {
    return timeProblem(value, schema.definition === MICRO_TIME);
  }
  return schema.source.format === "byte" ? base64Problem(value) : undefined;
}

function quantityProblem(value: Json): string | undefined {
  if (typeof value === "number" || (typeof value === "string" && isQuantity(value))) {
    return undefined;
  }
  return `quantities must match the regular expression '${QUANTITY_PATTERN}'`;
}

function integerProblem(value: Json, goType: string, place: Place): string | undefined {
  if (typeof value !== "number") return message(nameOf(value), goType, place);
  const limit = goType === "int32" ? 2 ** 31 : 2 ** 63;
  if (Number.isInteger(value) && value >= -limit && value < limit) return undefined;
  return message(`number ${value}`, goType, place);
}

function mismatch(value: Json, schema: Schema, place: Place): string {
  return message(nameOf(value), goTypeOf(schema), place);
}

function message(found: string, goType: string, { struct, path }: Place): string {
  return struct
    ? `json: cannot unmarshal ${found} into Go struct field ${struct}.${path} of type ${goType}`
    : `json: cannot unmarshal ${found} into Go value of type ${goType}`;
}

function nameOf(value: Json): string {
  if (isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function goTypeOf(schema: Schema): string {
  const { type, format, properties } = schema.source;
  if (schema.definition && properties) return `v1.${shortName(schema.definition)}`;
  switch (type) {
    case "array":
      return `[]${schema.items ? goTypeOf(schema.items) : "interface {}"}`;
    case "object":
      if (schema.additional?.definition === QUANTITY) return "v1.ResourceList";
      return `map[string]${schema.additional ? goTypeOf(schema.additional) : "interface {}"}`;
    case "integer":
      return format ?? "int64";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    default:
      return format === "byte" ? "[]uint8" : "string";
  }
}
