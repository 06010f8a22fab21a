/** Compares the shapes of results. */

/** Fields of `expected` that `actual` lacks, and fields that have another type there, as paths. */
export function shapeDifferences(
  expected: unknown,
  actual: unknown,
): { missing: string[]; different: string[]; surplus: string[] } {
  const before = shapeOf(expected);
  const after = shapeOf(actual);
  return {
    missing: [...before.keys()].filter((path) => !after.has(path)),
    different: [...before].filter(([path, type]) => (after.get(path) ?? type) !== type)
      .map(([path]) => path),
    surplus: [...after.keys()].filter((path) => !before.has(path)),
  };
}

/** The types of all values, by path; elements of a list share theirs. */
function shapeOf(value: unknown, path = ""): Map<string, string> {
  if (Array.isArray(value)) {
    return new Map([[path, "list"], ...value.flatMap((v) => [...shapeOf(v, `${path}[]`)])]);
  }
  if (typeof value !== "object" || value === null) return new Map([[path, typeof value]]);
  const fields = Object.entries(value).flatMap(([key, v]) => [...shapeOf(v, `${path}.${key}`)]);
  return new Map([[path, "object"], ...fields]);
}
