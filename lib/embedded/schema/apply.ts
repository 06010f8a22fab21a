/** Server-side apply: merging what somebody wants into an object, and who owns what afterwards. */

import { afterUpdate, compareWrite, emptyObject, takeAway, withManagers } from "./_ownership.ts";
import { checkApplied } from "./apply_check.ts";
import { type Conflict, conflictError } from "./apply_conflict.ts";
import { ApplyError } from "./errors.ts";
import {
  type FieldManager,
  type FieldManagers,
  managerId,
  readManagers,
} from "./field_managers.ts";
import { mergeFields } from "./field_merge.ts";
import { removeFields, withNamedFields } from "./field_remove.ts";
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  NO_FIELDS,
  pathsOf,
  union,
  withoutBelow,
} from "./field_set.ts";
import { changedFields, fieldsOf } from "./field_walk.ts";
import { type JsonObject, sameJson, valueAt } from "./json.ts";
import { apiVersionOf, type KindSchema } from "./kind.ts";
import type { FieldWriter } from "./managed_fields.ts";
import { resetFields, UNOWNED_FIELDS } from "./reset_fields.ts";

/** Who applies a configuration. */
export interface Applier extends FieldWriter {
  /** Whether fields of others are taken over. */
  readonly force: boolean;
}

/** Stands for everybody who wrote an object before its fields had managers. */
const BEFORE_FIRST_APPLY = "before-first-apply";

/**
 * The live object with an applied configuration merged into it, and `metadata.managedFields` as they are afterwards; without
 * a live object, the one to create. Fields that the applier no longer names, and that nobody else owns, are gone.
 *
 * Takes the configuration as the client sent it. The result is for defaulting, preparing and validating; if it is the same
 * as the live object after that, nothing has happened.
 *
 * @throws {ApplyConflictError} if it changes fields of others and is not forced
 * @throws {ApplyError} if the configuration does not fit the kind
 */
export function applyConfiguration(
  kind: KindSchema,
  live: JsonObject | undefined,
  applied: JsonObject,
  by: Applier,
): JsonObject {
  checkApplied(kind, applied);
  const base = live ?? emptyObject(kind);
  const known = managersBefore(kind, live, by);
  const applier = { ...by, operation: "Apply", apiVersion: apiVersionOf(kind) };
  const id = managerId(applier);
  const last = known.get(id);
  const wanted = withoutBelow(fieldsOf(applied, kind.root), resetFields(kind, by.subresource));
  const entry = entryOf(applier, wanted, last?.time);

  const merged = mergeFields(base, applied, kind.root);
  const managers = new Map(known).set(id, entry);
  const result = last ? dropUnwanted(kind, merged, managers, last.fields) : merged;

  const comparison = compareWrite(kind, base, result, by.subresource);
  const conflicts = conflictsOf(known, id, changedFields(comparison));
  if (conflicts.length > 0 && !by.force) throw conflictError(conflicts);

  const left = new Map(takeAway(managers, comparison, id));
  const own = difference(wanted, UNOWNED_FIELDS);
  if (isEmptySet(own)) left.delete(id);
  else left.set(id, entryOf(applier, own, sameJson(base, result) ? last?.time : by.time));
  return withManagers(result, left);
}

function entryOf(
  { manager, operation, apiVersion, subresource }: Omit<FieldManager, "fields">,
  fields: FieldSet,
  time: string | undefined,
): FieldManager {
  return { manager, operation, apiVersion, subresource, ...(time ? { time } : {}), fields };
}

/** The managers of the live object; one that has none gets one for all that is in it. */
function managersBefore(
  kind: KindSchema,
  live: JsonObject | undefined,
  by: FieldWriter,
): FieldManagers {
  if (!live) return new Map();
  const managers = readManagers(valueAt(live, "metadata", "managedFields"));
  if (!managers) throw new ApplyError(500, "failed to decode managed fields");
  if (managers.size > 0) return managers;
  return afterUpdate(kind, live, emptyObject(kind), managers, {
    ...by,
    manager: BEFORE_FIRST_APPLY,
  });
}

/** Drops what the applier had applied the last time and does not now, unless somebody else owns it. */
function dropUnwanted(
  kind: KindSchema,
  merged: JsonObject,
  managers: FieldManagers,
  lastApplied: FieldSet,
): JsonObject {
  const { root } = kind;
  const fieldsIn = (object: JsonObject): FieldSet => withNamedFields(fieldsOf(object, root), root);
  const last = withNamedFields(lastApplied, root);
  const all = fieldsIn(merged);
  const owned = [...managers.values()].map(({ fields }) => withNamedFields(fields, root)).reduce(
    union,
  );

  const withoutLast = removeFields(merged, last, root);
  const kept = union(fieldsIn(withoutLast), owned);
  const withOwned = removeFields(merged, difference(all, kept), root);
  const dropped = difference(all, fieldsIn(withOwned));
  // What goes along with a dropped field, but was never applied by this manager, stays.
  return removeFields(merged, intersection(dropped, last), root);
}

function conflictsOf(
  managers: FieldManagers,
  ownId: string,
  changed: FieldSet,
): readonly Conflict[] {
  return [...managers].flatMap(([id, manager]) => {
    const fields = id === ownId ? NO_FIELDS : intersection(manager.fields, changed);
    return pathsOf(fields).map((path) => ({ manager, path }));
  });
}
