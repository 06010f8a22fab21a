/** JSON merge patches (RFC 7386). */

import { entriesOf, isObject, type Json } from "./json.ts";

/** The target with the patch merged into it: members that are null in the patch go, others are merged or replaced. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? entriesOf(target) : []);
  for (const [name, value] of entriesOf(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, applyMergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}
