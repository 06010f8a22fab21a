/** JSON values as this room handles them: never changed, so results can share what did not change. */

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object; a member that is absent reads as undefined. */
export interface JsonObject {
  /** Any member. */
  readonly [name: string]: Json | undefined;
}

/** Whether the value is an object, and neither null nor an array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is an array. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value if it is an object, and otherwise an empty one. */
export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The value if it is an array, and otherwise an empty one. */
export function asArray(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

/** The value if it is a string, and otherwise an empty one. */
export function asString(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The members that are there: those that are undefined do not count. */
export function entriesOf(object: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(object).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const]
  );
}

/** Whether the object has the member itself; one that is inherited or undefined does not count. */
export function has(object: JsonObject, name: string): boolean {
  return Object.hasOwn(object, name) && object[name] !== undefined;
}

/** The member of an object, if the object has it itself. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The value behind a path of member names, or undefined where it ends. */
export function valueAt(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current = value;
  for (const name of path) current = isObject(current) ? member(current, name) : undefined;
  return current;
}

/** A copy in which the member behind the path has another value, or is gone when that is undefined. */
export function withValueAt(
  object: JsonObject,
  path: readonly string[],
  value: Json | undefined,
): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return object;
  if (rest.length > 0) {
    return { ...object, [name]: withValueAt(asObject(object[name]), rest, value) };
  }
  if (value !== undefined) return { ...object, [name]: value };
  const { [name]: _, ...others } = object;
  return others;
}

/** Whether two values are the same JSON; the order of members does not count. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isArray(a) && isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const entries = entriesOf(a);
  return entries.length === entriesOf(b).length &&
    entries.every(([name, value]) => sameJson(value, member(b, name)));
}
