/** The managers of an object's fields: `metadata.managedFields` as a table. */

import {
  difference,
  type FieldSet,
  fromFieldsV1,
  isEmptySet,
  toFieldsV1,
  union,
} from "./field_set.ts";
import {
  asArray,
  asString,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  valueAt,
} from "./json.ts";

/** One way in which somebody writes an object. */
export interface FieldManager {
  /** Name of the writer. */
  readonly manager: string;
  /** `Apply` for server-side apply, otherwise `Update`. */
  readonly operation: string;
  /** Version through which it was written. */
  readonly apiVersion: string;
  /** Subresource through which it was written, or empty. */
  readonly subresource: string;
  /** Time of the last change, RFC 3339 in whole seconds; absent if it has changed nothing. */
  readonly time?: string;
  /** Its fields. */
  readonly fields: FieldSet;
}

/** Managers by {@linkcode managerId}. */
export type FieldManagers = ReadonlyMap<string, FieldManager>;

/** Most managers that update; the oldest beyond are thrown together. From `managedfields/internal/fieldmanager.go`. */
const MAX_UPDATERS = 10;
const ANCIENT = "ancient-changes";

/** What tells managers apart. An applier stays the same when it goes to another version. */
export function managerId(
  { manager, operation, apiVersion, subresource }: Omit<FieldManager, "fields" | "time">,
): string {
  return JSON.stringify([manager, operation, operation === "Apply" ? "" : apiVersion, subresource]);
}

/** Reads the managers of an object; undefined if they cannot be read. */
export function readManagers(entries: Json | undefined): FieldManagers | undefined {
  const managers = new Map<string, FieldManager>();
  for (const entry of asArray(entries)) {
    const read = isObject(entry) ? readManager(entry) : undefined;
    if (!read) return undefined;
    managers.set(managerId(read), read);
  }
  return managers;
}

function readManager(entry: JsonObject): FieldManager | undefined {
  const { operation, apiVersion, fieldsType, time, fieldsV1 } = entry;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (typeof apiVersion !== "string" || fieldsType !== "FieldsV1") return undefined;
  return {
    manager: asString(entry.manager),
    operation,
    apiVersion,
    subresource: asString(entry.subresource),
    ...(typeof time === "string" ? { time } : {}),
    fields: fromFieldsV1(fieldsV1),
  };
}

/** Writes managers in the order of the real server: by operation, time, name, version and subresource. */
export function writeManagers(managers: FieldManagers): readonly Json[] {
  const parts = (of: FieldManager): readonly string[] => [
    of.operation,
    of.time ?? "",
    of.manager,
    of.apiVersion,
    of.subresource,
  ];
  return [...managers.values()].sort((a, b) => compareParts(parts(a), parts(b))).map(writeManager);
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? "";
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

function writeManager(
  { manager, operation, apiVersion, time, fields, subresource }: FieldManager,
): JsonObject {
  return {
    manager,
    operation,
    apiVersion,
    ...(time ? { time } : {}),
    fieldsType: "FieldsV1",
    fieldsV1: toFieldsV1(fields),
    ...(subresource ? { subresource } : {}),
  };
}

/** The managers of an object that is written: those that the client sent, or those of the live object if it sent none. */
export function managersOfWrite(
  object: JsonObject,
  live: JsonObject | undefined,
  subresource: string,
): FieldManagers {
  const none: FieldManagers = new Map();
  const ofLive = readManagers(valueAt(live, "metadata", "managedFields")) ?? none;
  if (subresource) return ofLive;
  const sent = valueAt(object, "metadata", "managedFields");
  if (isReset(sent)) return none;
  const ofObject = readManagers(sent);
  return ofObject && ofObject.size > 0 ? ofObject : ofLive;
}

/** An empty list, or one empty entry, asks for forgetting all managers. */
function isReset(sent: Json | undefined): boolean {
  if (!isArray(sent)) return false;
  const [only, ...others] = sent;
  return only === undefined ||
    (others.length === 0 && isObject(only) && Object.keys(only).length === 0);
}

/** Takes fields away from all managers, or from all but one; a manager that has none left is gone. */
export function disown(
  managers: FieldManagers,
  fieldsOfManager: (manager: FieldManager, id: string) => FieldSet,
): FieldManagers {
  const left = [...managers].map(([id, manager]) => {
    const fields = difference(manager.fields, fieldsOfManager(manager, id));
    return [id, { ...manager, fields }] as const;
  });
  return new Map(left.filter(([, { fields }]) => !isEmptySet(fields)));
}

/** Throws the oldest managers that update together, so that they do not grow without bound. */
export function capUpdaters(managers: FieldManagers): FieldManagers {
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  if (updaters.length <= MAX_UPDATERS) return managers;
  const byAge = updaters.sort(([a, { time: first = "" }], [b, { time: second = "" }]) =>
    compareParts([first, a], [second, b])
  );
  const oldest = byAge.slice(0, updaters.length - MAX_UPDATERS + 1);
  const capped = new Map(managers);
  for (const [id, manager] of oldest) {
    capped.delete(id);
    const ancient = { ...manager, manager: ANCIENT, subresource: "" };
    const ancientId = managerId(ancient);
    const known = capped.get(ancientId);
    capped.set(
      ancientId,
      known ? { ...ancient, fields: union(known.fields, ancient.fields) } : ancient,
    );
  }
  return capped;
}
