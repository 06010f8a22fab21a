/** Values that come from outside. */

/** A value as names and values; undefined if it is anything else. */
export function asMapping(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  // Any object that is not a list has string keys; its values stay unknown.
  return value as Readonly<Record<string, unknown>>;
}
