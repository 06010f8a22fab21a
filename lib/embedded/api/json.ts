/** JSON values as the server handles them: never changed once stored, so they can be shared. */

import type { Json, JsonObject } from "../schema/mod.ts";

export {
  asArray,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  sameJson,
  valueAt,
  withValueAt,
} from "../schema/mod.ts";

/** A copy without one member; the same object if it has none of that name. */
export function without(object: JsonObject, name: string): JsonObject {
  if (!(name in object)) return object;
  const { [name]: _, ...rest } = object;
  return rest;
}

/** Freezes a value and all that is in it, so that sharing it is safe. What is frozen already is not entered. */
export function deepFreeze<T extends Json | undefined>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}
