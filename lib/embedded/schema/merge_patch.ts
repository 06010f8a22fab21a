/** JSON merge patches (RFC 7386). */

import { PatchError } from "./errors.ts";
import { asObject, entriesOf, isArray, isObject, type Json, type JsonObject } from "./json.ts";

/**
 * The target with the patch merged into it: members that are null in the patch go, others are merged or replaced.
 *
 * @throws {PatchError} 400 if the patch is no object
 */
export function applyMergePatch(target: JsonObject, patch: Json): JsonObject {
  if (isObject(patch)) return asObject(merge(target, patch));
  const found = isArray(patch) ? "array" : typeof patch;
  throw new PatchError(
    400,
    `error decoding patch: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
  );
}

function merge(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? entriesOf(target) : []);
  for (const [name, value] of entriesOf(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, merge(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}
