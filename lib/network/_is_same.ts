/** Compares what is stored with what is to be stored. Pure. */

/** Whether two JSON values are the same, whatever the order of their fields; one that is `undefined` is not there. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const name of names) {
    if (!isSame(a[name], b[name])) return false;
  }
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Whether two lists hold the very same things, in the same order: what was not read or heard of anew is the same thing. */
export function holdSameThings(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((thing, index) => thing === b[index]);
}
