/** Finds where two JSON values differ, by path. */

/** One place where two values differ. */
export interface Difference {
  /** Such as `items[a].spec.nodes`; items that have names are called by them. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** All places where `actual` is not as expected. */
export function differences(expected: unknown, actual: unknown, path = ""): Difference[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return ofMembers(byItem(expected), byItem(actual), path);
  }
  if (isObject(expected) && isObject(actual)) {
    const name = (member: string): string => path ? `.${member}` : member;
    return ofMembers(byMember(expected, name), byMember(actual, name), path);
  }
  return Object.is(expected, actual) ? [] : [{ path, expected, actual }];
}

type Members = ReadonlyMap<string, unknown>;

function ofMembers(expected: Members, actual: Members, path: string): Difference[] {
  const names = new Set([...expected.keys(), ...actual.keys()]);
  return [...names].flatMap((name) =>
    differences(expected.get(name), actual.get(name), path + name)
  );
}

function byMember(
  object: Readonly<Record<string, unknown>>,
  name: (member: string) => string,
): Members {
  return new Map(Object.entries(object).map(([member, value]) => [name(member), value]));
}

/** Items by what identifies them, where that tells them apart, and otherwise by their place. */
function byItem(items: readonly unknown[]): Members {
  const names = items.map(nameOf);
  const isNamed = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  return new Map(items.map((item, index) => [`[${isNamed ? names[index] : index}]`, item]));
}

function nameOf(item: unknown): string | undefined {
  if (!isObject(item)) return undefined;
  const { name, resource, subresource } = item;
  return [name, resource, subresource].find((value) => typeof value === "string");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
