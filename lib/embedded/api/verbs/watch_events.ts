/** Which event a watch sends for a change: a pure function. */

import { type ApiObject, withMetadata } from "../object.ts";
import { fromStored, type Resource } from "../registry/resource.ts";
import type { Change } from "../storage/change.ts";
import type { Selection } from "./list.ts";

/** One event of a watch. */
export interface WatchEvent {
  /** What happened, seen by someone who knows only what is selected. */
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** The object in the form of the watch's version. */
  readonly object: ApiObject;
}

/**
 * The event that a change is to a watch with a selection: an object that begins to match is ADDED, one that no longer
 * does is DELETED, as it was last but with the revision of the change.
 */
export function eventOf(
  change: Change,
  resource: Resource,
  selects: Selection,
): WatchEvent | undefined {
  const current = change.object && fromStored(resource, change.object);
  const previous = change.previous && fromStored(resource, change.previous);
  const matches = current !== undefined && selects(current);
  const matched = previous !== undefined && selects(previous);
  if (matches) return { type: matched ? "MODIFIED" : "ADDED", object: current };
  if (!matched) return undefined;
  const object = current
    ? withMetadata(previous, { resourceVersion: String(change.revision) })
    : fromStored(resource, change.latest);
  return { type: "DELETED", object };
}
