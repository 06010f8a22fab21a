/** Strategic merge patches: merge patches that know which lists have keys. `k8s.io/apimachinery/pkg/util/strategicpatch`. */

import { PatchError } from "./errors.ts";
import { memberSchemaOrAny } from "./field_type.ts";
import {
  asObject,
  entriesOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  sameJson,
} from "./json.ts";
import type { KindSchema } from "./kind.ts";
import type { Schema } from "./schema.ts";
import { deleteFrom, inOrder, mergeScalars } from "./_strategic_order.ts";

/** In a map or an item: `replace`, `delete` or `merge`. */
const DIRECTIVE = "$patch";
/** In a map: the only members that stay. */
const RETAIN_KEYS = "$retainKeys";
/** Beside a list: the order of its items. */
const ORDER_PREFIX = "$setElementOrder/";
/** Beside a list of scalars: items that go. */
const DELETE_PREFIX = "$deleteFromPrimitiveList/";

/**
 * The target with a strategic merge patch merged into it: maps by their keys, lists as `x-kubernetes-patch-strategy` and
 * `x-kubernetes-patch-merge-key` of the schema have it, with the directives that patches of `kubectl` contain.
 *
 * @throws {PatchError} if a directive makes no sense, or an item of a list lacks its key
 */
export function applyStrategicMergePatch(
  kind: KindSchema,
  target: JsonObject,
  patch: Json,
): JsonObject {
  if (!isObject(patch)) {
    const found = isArray(patch) ? "array" : typeof patch;
    throw new PatchError(
      400,
      `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
    );
  }
  return mergeMap(target, patch, kind.root);
}

function mergeMap(original: JsonObject, patch: JsonObject, schema: Schema): JsonObject {
  if (patch[DIRECTIVE] !== undefined) return replaceMap(patch);
  const merged = new Map(entriesOf(retain(original, patch)));
  const ordered = new Set<string>();
  for (const [name, order] of entriesOf(patch)) {
    if (!name.startsWith(ORDER_PREFIX)) continue;
    const list = name.slice(ORDER_PREFIX.length);
    const result = mergeOrdered(
      merged.get(list),
      patch[list],
      order,
      memberSchemaOrAny(schema, list),
    );
    if (result) merged.set(list, result);
    ordered.add(list);
  }
  for (const [name, value] of entriesOf(patch)) {
    if (name === RETAIN_KEYS || name.startsWith(ORDER_PREFIX) || ordered.has(name)) continue;
    if (name.startsWith(DELETE_PREFIX)) {
      const list = name.slice(DELETE_PREFIX.length);
      const current = merged.get(list);
      if (!isArray(value)) throw new PatchError(400, "invalid patch format of primitive list");
      if (isArray(current)) merged.set(list, deleteFrom(current, value));
      continue;
    }
    const result = mergeMember(merged.get(name), value, memberSchemaOrAny(schema, name));
    if (result === undefined) merged.delete(name);
    else merged.set(name, result);
  }
  return Object.fromEntries(merged);
}

function replaceMap(patch: JsonObject): JsonObject {
  const { [DIRECTIVE]: directive, ...rest } = patch;
  if (directive === "replace") return rest;
  if (directive === "delete") return {};
  throw new PatchError(
    500,
    `unknown patch type: ${String(directive)} in map: ${goMap(patch)}`,
  );
}

/** Drops the members that the patch does not retain, if it says which it does. */
function retain(original: JsonObject, patch: JsonObject): JsonObject {
  const retained = patch[RETAIN_KEYS];
  if (retained === undefined) return original;
  const isNamed = ([name, value]: readonly [string, Json]): boolean =>
    name === RETAIN_KEYS || value === null || name.startsWith(DELETE_PREFIX) ||
    name.startsWith(ORDER_PREFIX) || asList(retained).includes(name);
  if (!isArray(retained) || !entriesOf(patch).every(isNamed)) {
    throw new PatchError(400, "invalid patch format of retainKeys");
  }
  return Object.fromEntries(entriesOf(original).filter(([name]) => retained.includes(name)));
}

function mergeMember(original: Json | undefined, patch: Json, schema: Schema): Json | undefined {
  if (patch === null) return undefined;
  const strategy = schema.source["x-kubernetes-patch-strategy"] ?? "";
  if (isObject(original) && isObject(patch)) {
    return strategy.includes("replace") ? patch : mergeMap(original, patch, schema);
  }
  if (isArray(original) && isArray(patch)) {
    return strategy.includes("merge") ? mergeList(original, patch, schema) : patch;
  }
  return withoutDirectives(withoutNulls(patch));
}

/** Merges a list of scalars, or a list of objects that have keys. */
function mergeList(
  original: readonly Json[],
  patch: readonly Json[],
  schema: Schema,
): readonly Json[] {
  const first = original[0] ?? patch[0];
  if (first === undefined) return original;
  if (isArray(first)) throw new PatchError(422, "lists of lists are not supported");
  if (!isObject(first)) return mergeScalars(original, patch);
  const key = schema.source["x-kubernetes-patch-merge-key"];
  if (!key) throw new PatchError(500, "cannot merge lists without merge key for ");
  const { kept, plain } = applyItemDirectives(original, patch, key);
  const merged = [...kept];
  for (const item of plain) {
    const value = keyOf(item, key);
    const index = merged.findIndex((other) => sameJson(asObject(other)[key], value));
    if (index < 0) merged.push(item);
    else merged[index] = mergeMap(asObject(merged[index]), item, schema.items ?? schema);
  }
  return inOrder(merged, plain, kept, key);
}

/** Deletes items and replaces the list as items of the patch with a directive say; returns what is left of both. */
function applyItemDirectives(
  original: readonly Json[],
  patch: readonly Json[],
  key: string,
): { readonly kept: readonly Json[]; readonly plain: readonly JsonObject[] } {
  const items = patch.map(asObject);
  const plain = items.filter((item) => item[DIRECTIVE] === undefined);
  let kept = original;
  let isReplaced = false;
  for (const item of items) {
    switch (item[DIRECTIVE]) {
      case undefined:
        break;
      case "delete": {
        const value = keyOf(item, key);
        kept = kept.filter((other) => !sameJson(asObject(other)[key], value));
        break;
      }
      case "replace":
        isReplaced = true;
        break;
      case "merge":
        throw new PatchError(500, "merging lists cannot yet be specified in the patch");
      default:
        replaceMap(item);
    }
  }
  return isReplaced ? { kept: plain, plain: [] } : { kept, plain };
}

function keyOf(item: JsonObject, key: string): Json {
  const value = item[key];
  if (value !== undefined) return value;
  throw new PatchError(500, `map: ${goMap(item)} does not contain declared merge key: ${key}`);
}

function goMap(item: JsonObject): string {
  const members = [...entriesOf(item)].sort(([a], [b]) => a < b ? -1 : 1);
  return `map[${members.map(([name, value]) => `${name}:${goValue(value)}`).join(" ")}]`;
}

function goValue(value: Json): string {
  if (isArray(value)) return `[${value.map(goValue).join(" ")}]`;
  return isObject(value) ? goMap(value) : value === null ? "<nil>" : String(value);
}

/** Merges a list for which the patch gives the order; undefined if there is no list to put in order. */
function mergeOrdered(
  original: Json | undefined,
  patch: Json | undefined,
  order: Json,
  schema: Schema,
): readonly Json[] | undefined {
  const wrong = (value: Json | undefined): boolean => value !== undefined && !isArray(value);
  if (!isArray(order) || wrong(patch)) {
    throw new PatchError(400, "invalid patch format of setElementOrder list");
  }
  if (!isArray(original) && !isArray(patch)) return undefined;
  const key = schema.source["x-kubernetes-patch-merge-key"];
  checkOrder(asList(patch), order, key);
  if (asList(original).length === 0 && asList(patch).length === 0) {
    throw new PatchError(500, "no elements in any of the given slices");
  }
  const merged = isArray(original)
    ? isArray(patch) ? asList(mergeMember(original, patch, schema)) : original
    : asList(withoutDirectives(patch ?? []));
  return inOrder(merged, order, asList(original), key);
}

/** Items of a patch must come in the order that the patch gives, except for those that are deleted. */
function checkOrder(patch: readonly Json[], order: readonly Json[], key: string | undefined): void {
  const nameOf = (item: Json): Json => key ? asObject(item)[key] ?? null : item;
  const items = patch.filter((item) => asObject(item)[DIRECTIVE] === undefined);
  let found = 0;
  for (const wanted of order) {
    const item = items[found];
    if (item !== undefined && sameJson(nameOf(item), nameOf(wanted))) found++;
  }
  if (order.length === 0 || found === items.length) return;
  const lists = [patch, order].map((list) => `[${list.map(goValue).join(" ")}]`);
  throw new PatchError(
    500,
    `The order in patch list:\n${lists[0]}\n doesn't match $setElementOrder list:\n${lists[1]}\n`,
  );
}

function asList(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

/** A value that is new: directives in it have nothing to work on, and objects that are made of one are left out. */
function withoutDirectives(value: Json): Json | undefined {
  if (isArray(value)) return value.flatMap((item) => withoutDirectives(item) ?? []);
  if (!isObject(value)) return value;
  if (value[DIRECTIVE] !== undefined) return undefined;
  return Object.fromEntries(
    entriesOf(value).flatMap(([name, member]) => {
      const kept = withoutDirectives(member);
      return kept === undefined ? [] : [[name, kept] as const];
    }),
  );
}

function withoutNulls(value: Json): Json {
  if (isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    entriesOf(value).filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
}
