/** The order of lists that a strategic merge patch has merged. */

import { asObject, type Json, sameJson } from "./json.ts";

/** Both lists without repetitions; new items come before the old ones that the patch does not name. */
export function mergeScalars(original: readonly Json[], patch: readonly Json[]): readonly Json[] {
  return inOrder([...new Set([...original, ...patch])], patch, original, undefined);
}

/** A list of scalars without some of them. */
export function deleteFrom(original: readonly Json[], items: readonly Json[]): readonly Json[] {
  return original.filter((item) => !items.includes(item));
}

/**
 * Puts merged items in order. Those that the patch names come in its order, the others in that of the original; an
 * item of the original stays before one of the patch only if it was before it already. Items are the same if they have
 * the same value under `key`, or without a key if they are the same.
 */
export function inOrder(
  merged: readonly Json[],
  patchOrder: readonly Json[],
  originalOrder: readonly Json[],
  key: string | undefined,
): readonly Json[] {
  const nameOf = (item: Json): Json => key === undefined ? item : asObject(item)[key] ?? null;
  const indexIn = (order: readonly Json[], item: Json): number =>
    order.findIndex((other) => sameJson(nameOf(other), nameOf(item)));
  const isPatched = (item: Json): boolean => indexIn(patchOrder, item) >= 0;
  const patched = sorted(merged.filter(isPatched), (item) => indexIn(patchOrder, item));
  const others = sorted(
    merged.filter((item) => !isPatched(item)),
    (item) => indexIn(originalOrder, item),
  );
  const result: Json[] = [];
  for (const item of patched) {
    const place = indexIn(originalOrder, item);
    while (place >= 0 && others[0] !== undefined && indexIn(originalOrder, others[0]) < place) {
      result.push(...others.splice(0, 1));
    }
    result.push(item);
  }
  return [...result, ...others];
}

/**
 * Sorts by insertion, as Go's `sort.SliceStable` does with short lists: an item without a place changes it with every
 * neighbour that it meets, and where it ends depends on the algorithm.
 */
function sorted(items: readonly Json[], indexOf: (item: Json) => number): Json[] {
  const result: Json[] = [];
  for (const item of items) {
    const index = indexOf(item);
    const goesBefore = (other: Json): boolean =>
      index < 0 || indexOf(other) < 0 || index < indexOf(other);
    let place = result.length;
    while (place > 0 && goesBefore(result[place - 1] ?? null)) place--;
    result.splice(place, 0, item);
  }
  return result;
}
