/** Fields that a kind does not have: found, named and removed. */

import { entriesOf, isArray, isObject, type Json, type JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";
import { OBJECT_META, Schema } from "./schema.ts";
import { KUBERNETES_DEFINITIONS } from "./builtin.ts";

/** An object without the fields that its kind does not have. */
export interface Pruned {
  /** What is left; the very object that was given if nothing had to go. */
  readonly object: JsonObject;
  /** Paths of the fields that are gone, such as `spec.typo` and `spec.containers[0].x`, in the order of the real server. */
  readonly unknown: readonly string[];
}

/** Fields that every whole object has, whether its schema says so or not. */
const TYPE_AND_METADATA = ["apiVersion", "kind", "metadata"];

const METADATA = new Schema({ $ref: OBJECT_META }, KUBERNETES_DEFINITIONS);

/**
 * Removes the fields that a kind does not have, and from custom resources the nulls that mean nothing.
 *
 * Built-in kinds and all metadata have exactly the fields of their Go types. A custom resource is pruned by its structural
 * schema: `x-kubernetes-preserve-unknown-fields` keeps what is unknown at its level, and `x-kubernetes-embedded-resource`
 * stands for apiVersion, kind and metadata.
 */
export function prune(kind: KindSchema, object: JsonObject): Pruned {
  const unknown: string[] = [];
  const report = (path: string): void => void unknown.push(path);
  if (!kind.custom) return { object: pruneObject(object, kind.root, "", typed, report), unknown };
  const pruned = pruneObject(object, kind.root, "", structural, report);
  return { object: dropNulls(pruned, kind.root), unknown: inRealOrder(unknown) };
}

/** Drops nulls where the schema is not nullable and has no default that would take their place. */
function dropNulls(object: JsonObject, schema: Schema): JsonObject {
  const kept = entriesOf(object).flatMap(([name, value]): [string, Json][] => {
    const child = schema.child(name);
    if (!child || child.definition === OBJECT_META) return [[name, value]];
    const { nullable, default: replacement } = child.source;
    if (value === null && !nullable && replacement === undefined) return [];
    return [[name, dropNullsIn(value, child)]];
  });
  const isSame = kept.length === entriesOf(object).length &&
    kept.every(([name, value]) => value === object[name]);
  return isSame ? object : Object.fromEntries(kept);
}

function dropNullsIn(value: Json, schema: Schema): Json {
  if (isObject(value)) return dropNulls(value, schema);
  const items = schema.items;
  if (!isArray(value) || !items) return value;
  const dropped = value.map((item) => dropNullsIn(item, items));
  return dropped.every((item, index) => item === value[index]) ? value : dropped;
}

/** The real server looks at the metadata first, then at the rest, and at the metadata of embedded objects in the end. */
function inRealOrder(unknown: readonly string[]): readonly string[] {
  const rank = (path: string): number =>
    path.startsWith("metadata.") ? 0 : path.includes(".metadata.") ? 2 : 1;
  return unknown.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** What becomes of the members of an object. */
interface Rules {
  /** Whether the level of this schema keeps members that it does not know. */
  readonly keepsUnknown: (schema: Schema) => boolean;
  /** Schema of a member and the rules for it; undefined if the schema does not know it. */
  readonly member: (schema: Schema, name: string) => readonly [Schema, Rules] | undefined;
}

/** The rules of Go types: a schema without fields of its own, such as RawExtension, stands for any JSON. */
const typed: Rules = {
  keepsUnknown: ({ source }) => !source.properties && !source.additionalProperties,
  member: (schema, name) => {
    const child = schema.child(name);
    return child && [child, typed];
  },
};

/** The rules of structural schemas. */
const structural: Rules = {
  keepsUnknown: ({ source }) => source["x-kubernetes-preserve-unknown-fields"] === true,
  member: (schema, name) => {
    const property = schema.property(name);
    if (property?.definition === OBJECT_META) return [property, typed];
    if (schema.source["x-kubernetes-embedded-resource"] && TYPE_AND_METADATA.includes(name)) {
      return [name === "metadata" ? METADATA : ANYTHING, typed];
    }
    const child = property ?? schema.additional;
    return child && [child, structural];
  },
};

const ANYTHING = new Schema({});

function pruneValue(
  value: Json,
  schema: Schema,
  path: string,
  rules: Rules,
  report: (path: string) => void,
): Json {
  if (isObject(value)) return pruneObject(value, schema, path, rules, report);
  const items = schema.items;
  if (!isArray(value) || !items) return value;
  const pruned = value.map((item, index) =>
    pruneValue(item, items, `${path}[${index}]`, rules, report)
  );
  return pruned.every((item, index) => item === value[index]) ? value : pruned;
}

function pruneObject(
  object: JsonObject,
  schema: Schema,
  path: string,
  rules: Rules,
  report: (path: string) => void,
): JsonObject {
  const kept: [string, Json][] = [];
  let changed = false;
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const found = rules.member(schema, name);
    const memberPath = path ? `${path}.${name}` : name;
    if (found) {
      const pruned = pruneValue(value, found[0], memberPath, found[1], report);
      kept.push([name, pruned]);
      changed ||= pruned !== value;
    } else if (rules.keepsUnknown(schema)) kept.push([name, value]);
    else {
      report(memberPath);
      changed = true;
    }
  }
  return changed ? Object.fromEntries(kept) : object;
}
