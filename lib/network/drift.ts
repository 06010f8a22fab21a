/** Finds where a live object differs from what is wanted of it. */

/** Keys by which Kubernetes tells the elements of its lists of objects apart, the most specific first. */
const ELEMENT_KEYS = ["mountPath", "containerPort", "port", "uid", "name"] as const;

/** Maps that the server takes as one value (`x-kubernetes-map-type: atomic`): a key more is another value. */
const ATOMIC_MAPS: ReadonlySet<string> = new Set(["selector", "matchLabels"]);

/**
 * The path of the first field of `wanted` that `live` lacks or has otherwise, such as `spec.ports[rpc].port`;
 * `undefined` if there is none. What `live` has beyond that is its own business: defaults, or fields of others.
 */
export function firstDifference(wanted: unknown, live: unknown, path = ""): string | undefined {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live)) return path;
    return firstListDifference(wanted, live, path);
  }
  if (!isObject(wanted)) return wanted === live ? undefined : path;
  // An empty object says no more than that the field is there.
  if (!isObject(live)) return path;
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    const where = path === "" ? name : `${path}.${name}`;
    const found = firstDifference(value, live[name], where) ??
      (ATOMIC_MAPS.has(name) ? firstExtraKey(value, live[name], where) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstExtraKey(wanted: unknown, live: unknown, path: string): string | undefined {
  if (!isObject(wanted) || !isObject(live)) return undefined;
  const extra = Object.keys(live).find((key) => wanted[key] === undefined);
  return extra === undefined ? undefined : `${path}.${extra}`;
}

/** Lists of objects are compared by their elements' keys: an element of somebody else (a sidecar) may stand among ours. */
function firstListDifference(
  wanted: readonly unknown[],
  live: readonly unknown[],
  path: string,
): string | undefined {
  for (const [index, element] of wanted.entries()) {
    const key = isObject(element)
      ? ELEMENT_KEYS.find((name) => element[name] !== undefined)
      : undefined;
    const partner = key === undefined || !isObject(element)
      ? live[index]
      : live.find((other) => isObject(other) && other[key] === element[key]);
    const label = key === undefined || !isObject(element) ? index : element[key];
    const found = firstDifference(element, partner, `${path}[${label}]`);
    if (found !== undefined) return found;
  }
  const isPlain = !wanted.some(isObject);
  return isPlain && live.length !== wanted.length ? path : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
