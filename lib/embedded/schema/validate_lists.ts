/** Whether the items of sets and keyed lists are there once, and embedded objects are whole objects. */

import type { FieldError } from "./errors.ts";
import { childPath, duplicate, invalid, keyPath, required, ROOT } from "./field_error.ts";
import {
  asObject,
  entriesOf,
  has,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  member,
  sameJson,
} from "./json.ts";
import { dns1035Problems, pathSegmentProblems } from "./names.ts";
import type { Schema } from "./schema.ts";
import { validateMetadata } from "./validate_metadata.ts";

/** What is wrong with a value at one level, which may be an object or a list. */
type Check = (value: Json, schema: Schema, path: string) => readonly FieldError[];

/** Items that are there twice in sets, and keys in keyed lists. */
export function validateUnique(object: JsonObject, schema: Schema): readonly FieldError[] {
  return walk(object, schema, ROOT, uniqueErrors);
}

/** Embedded objects without apiVersion or kind, or with bad metadata. */
export function validateEmbedded(object: JsonObject, schema: Schema): readonly FieldError[] {
  return walk(object, schema, ROOT, embeddedErrors);
}

function walk(value: Json, schema: Schema, path: string, check: Check): readonly FieldError[] {
  const own = check(value, schema, path);
  const items = schema.items;
  if (isArray(value)) {
    const below = items
      ? value.flatMap((item, index) => walk(item, items, keyPath(path, index), check))
      : [];
    return [...own, ...below];
  }
  const below = entriesOf(asObject(value)).flatMap(([name, child]) => {
    const property = schema.property(name);
    if (property) return walk(child, property, childPath(path, name), check);
    const additional = schema.additional;
    return additional ? walk(child, additional, keyPath(path, name), check) : [];
  });
  return [...own, ...below];
}

function uniqueErrors(value: Json, { source }: Schema, path: string): readonly FieldError[] {
  if (!isArray(value)) return [];
  const type = source["x-kubernetes-list-type"];
  if (type === "set") return repeated(value, path);
  if (type !== "map") return [];
  const wrong = value.findIndex((item) => item !== null && !isObject(item));
  if (wrong >= 0) {
    const detail = "must be an object for an array of list-type map";
    return [invalid(keyPath(path, wrong), value[wrong] ?? null, detail)];
  }
  const keys = source["x-kubernetes-list-map-keys"] ?? [];
  return repeated(value.map((item) => keysOf(asObject(item), keys)), path);
}

function keysOf(item: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.filter((key) => has(item, key)).map((key) => [key, member(item, key)]),
  );
}

/** The second of the items that are the same; a third one is not worth another word. */
function repeated(items: readonly Json[], path: string): readonly FieldError[] {
  return items.flatMap((item, index) => {
    const before = items.slice(0, index).filter((other) => sameJson(item, other)).length;
    return before === 1 ? [duplicate(keyPath(path, index), item)] : [];
  });
}

function embeddedErrors(value: Json, { source }: Schema, path: string): readonly FieldError[] {
  if (!source["x-kubernetes-embedded-resource"] || !isObject(value)) return [];
  const { apiVersion, kind, metadata } = value;
  const name = { name: "fakename", ...asObject(metadata) };
  return [
    ...typeErrors(apiVersion, childPath(path, "apiVersion"), () => []),
    ...typeErrors(kind, childPath(path, "kind"), (text) => {
      const problems = dns1035Problems(text.toLowerCase());
      if (problems.length === 0) return [];
      return [`may have mixed case, but should otherwise match: ${problems.join(",")}`];
    }),
    ...(metadata === undefined
      ? []
      : validateMetadata(name, pathSegmentProblems, childPath(path, "metadata"))),
  ];
}

function typeErrors(
  value: Json | undefined,
  path: string,
  problemsOf: (text: string) => readonly string[],
): readonly FieldError[] {
  if (value === undefined) return [required(path)];
  if (typeof value !== "string") return [invalid(path, value, "must be a string")];
  if (value === "") return [invalid(path, value, "must not be empty")];
  return problemsOf(value).map((problem) => invalid(path, value, problem));
}
