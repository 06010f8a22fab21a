/** Who owns which field after a write: `managedfields` of `k8s.io/apimachinery`. */

import { afterUpdate, emptyObject, withManagers } from "./_ownership.ts";
import { capUpdaters, managersOfWrite } from "./field_managers.ts";
import type { JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";

/** Who writes an object, through what and when. */
export interface FieldWriter {
  /** Name of the field manager. */
  readonly manager: string;
  /** Subresource that is written, or empty. */
  readonly subresource: string;
  /** RFC 3339 time in whole seconds. */
  readonly time: string;
}

/** Most characters of a name that is taken from a User-Agent. */
const MAX_MANAGER_LENGTH = 128;

/** Name of the field manager of a request: its `fieldManager`, or what its User-Agent says up to the first slash. */
export function managerName(fieldManager: string | null, userAgent: string | null): string {
  if (fieldManager) return fieldManager;
  const [agent = ""] = (userAgent ?? "").split("/");
  return [...agent].slice(0, MAX_MANAGER_LENGTH).join("") || "unknown";
}

/**
 * The object with `metadata.managedFields` as they are after a create, an update or a patch other than apply: whoever writes
 * owns the fields that it has added or changed, and others no longer own those that it has changed or removed.
 *
 * Takes the object with its defaults but before the registry has prepared it, and the live object it takes the place of.
 * `managedFields` that the client sent replace those of the live object; an empty list forgets them for good.
 */
export function updateManagedFields(
  kind: KindSchema,
  object: JsonObject,
  old: JsonObject | undefined,
  by: FieldWriter,
): JsonObject {
  const managers = managersOfWrite(object, old, by.subresource);
  if (old && managers.size === 0) return withManagers(object, managers);
  const updated = capUpdaters(afterUpdate(kind, object, old ?? emptyObject(kind), managers, by));
  return withManagers(object, updated);
}
