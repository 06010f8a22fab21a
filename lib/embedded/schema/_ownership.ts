/** How ownership of fields moves between managers when an object is written. */

import {
  disown,
  type FieldManager,
  type FieldManagers,
  managerId,
  writeManagers,
} from "./field_managers.ts";
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  NO_FIELDS,
  union,
  withoutBelow,
} from "./field_set.ts";
import { changedFields, compareFields, type Comparison } from "./field_walk.ts";
import { goShape } from "./go_shape.ts";
import {
  asArray,
  asObject,
  type Json,
  type JsonObject,
  sameJson,
  valueAt,
  withValueAt,
} from "./json.ts";
import { apiVersionOf, type KindSchema } from "./kind.ts";
import type { FieldWriter } from "./managed_fields.ts";
import { resetFields, UNOWNED_FIELDS } from "./reset_fields.ts";

/** The managers after somebody has updated `old` to `object`. */
export function afterUpdate(
  kind: KindSchema,
  object: JsonObject,
  old: JsonObject,
  managers: FieldManagers,
  { manager, subresource, time }: FieldWriter,
): FieldManagers {
  const comparison = compareWrite(kind, old, object, subresource);
  const changed = changedFields(comparison);
  const rest = new Map(takeAway(managers, comparison));
  const own = difference(changed, UNOWNED_FIELDS);
  if (isEmptySet(own)) return rest;
  const writer = { manager, operation: "Update", apiVersion: apiVersionOf(kind), subresource };
  const id = managerId(writer);
  rest.set(id, { ...writer, time, fields: union(rest.get(id)?.fields ?? NO_FIELDS, own) });
  return rest;
}

/** What a write changes, without what it cannot change. */
export function compareWrite(
  kind: KindSchema,
  old: JsonObject,
  object: JsonObject,
  subresource: string,
): Comparison {
  const reset = resetFields(kind, subresource);
  const { added, modified, removed } = compareFields(
    withoutManagers(old),
    withoutManagers(object),
    kind.root,
  );
  return {
    added: withoutBelow(added, reset),
    modified: withoutBelow(modified, reset),
    removed: withoutBelow(removed, reset),
  };
}

/** Takes from all managers, but for one, the fields that have changed and those that are gone. */
export function takeAway(
  managers: FieldManagers,
  comparison: Comparison,
  exceptId?: string,
): FieldManagers {
  const changed = changedFields(comparison);
  return disown(managers, ({ fields }: FieldManager, id: string): FieldSet => {
    if (id === exceptId) return NO_FIELDS;
    return union(intersection(fields, changed), comparison.removed);
  });
}

/** The object of a kind without any content: what a built-in kind's Go type writes before anything is set. */
export function emptyObject(kind: KindSchema): JsonObject {
  if (kind.custom) return { apiVersion: apiVersionOf(kind), kind: kind.kind };
  return goShape({ apiVersion: apiVersionOf(kind), kind: kind.kind }, kind.root);
}

/** The object with these managers. */
export function withManagers(object: JsonObject, managers: FieldManagers): JsonObject {
  const entries = managers.size > 0 ? writeManagers(managers) : undefined;
  return withValueAt(object, ["metadata", "managedFields"], entries);
}

function withoutManagers(object: JsonObject): JsonObject {
  if (valueAt(object, "metadata", "managedFields") === undefined) return object;
  return withValueAt(object, ["metadata", "managedFields"], undefined);
}

/** A write that changes nothing but times changes nothing: the object keeps the managers of the old one. */
export function keepTimes(object: JsonObject, old: JsonObject | undefined): JsonObject {
  const entries = valueAt(object, "metadata", "managedFields");
  const oldEntries = valueAt(old, "metadata", "managedFields");
  if (!old || !sameJson(withoutTimes(entries), withoutTimes(oldEntries))) return object;
  if (!sameJson(withoutManagers(object), withoutManagers(old))) return object;
  return withValueAt(object, ["metadata", "managedFields"], oldEntries);
}

function withoutTimes(entries: Json | undefined): Json {
  return asArray(entries).map((entry) => withValueAt(asObject(entry), ["time"], undefined));
}
