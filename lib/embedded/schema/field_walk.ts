/** Which fields an object has, and which of them differ between two objects. */

import { type FieldPath, type FieldSet, FieldSetBuilder, union } from "./field_set.ts";
import { fieldType, itemElementOrNone, type ListType, memberSchemaOrAny } from "./field_type.ts";
import {
  asArray,
  asObject,
  entriesOf,
  has,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  member,
  sameJson,
} from "./json.ts";
import type { Schema } from "./schema.ts";

/** All fields of an object: its scalars, what is owned as one, the entries of maps and the items of lists. */
export function fieldsOf(object: JsonObject, schema: Schema): FieldSet {
  const fields = new FieldSetBuilder();
  collect(object, schema, [], fields);
  return fields;
}

function collect(value: Json, schema: Schema, path: FieldPath, fields: FieldSetBuilder): void {
  const type = fieldType(schema, value);
  if (type.is === "scalar" || type.atomic) fields.insert(path);
  else if (type.is === "list") collectItems(asArray(value), type, path, fields);
  else collectMembers(asObject(value), schema, path, fields);
}

function collectItems(
  items: readonly Json[],
  type: ListType,
  path: FieldPath,
  fields: FieldSetBuilder,
): void {
  for (const [element, sameName] of groupItems(items, type)) {
    const itemPath = [...path, element];
    const [only, ...others] = sameName;
    if (only !== undefined && others.length === 0) collect(only, type.items, itemPath, fields);
    fields.insert(itemPath);
  }
}

function collectMembers(
  object: JsonObject,
  schema: Schema,
  path: FieldPath,
  fields: FieldSetBuilder,
): void {
  for (const [name, value] of entriesOf(object)) {
    const memberPath = [...path, `f:${name}`];
    collect(value, memberSchemaOrAny(schema, name), memberPath, fields);
    const isEmpty = value === null || (isObject(value) && Object.keys(value).length === 0);
    if (isEmpty || !schema.property(name)) fields.insert(memberPath);
  }
}

/** What differs between two objects. No field is in more than one of the sets. */
export interface Comparison {
  /** Fields that only the second has. */
  readonly added: FieldSet;
  /** Fields that both have, with other values. */
  readonly modified: FieldSet;
  /** Fields that only the first has. */
  readonly removed: FieldSet;
}

interface ComparisonBuilder {
  readonly added: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
  readonly removed: FieldSetBuilder;
}

/** Compares two objects field by field. */
export function compareFields(before: JsonObject, after: JsonObject, schema: Schema): Comparison {
  const result = {
    added: new FieldSetBuilder(),
    modified: new FieldSetBuilder(),
    removed: new FieldSetBuilder(),
  };
  compare(before, after, schema, [], result);
  return result;
}

/** Fields that the second object has and the first has not, or not with this value. */
export function changedFields({ added, modified }: Comparison): FieldSet {
  return union(added, modified);
}

function compare(
  before: Json | undefined,
  after: Json | undefined,
  schema: Schema,
  path: FieldPath,
  result: ComparisonBuilder,
): void {
  const newType = fieldType(schema, after ?? before);
  const oldType = fieldType(schema, before ?? after);
  // Where a schema leaves the type open, a value of one type can take the place of one of another.
  if (newType.is !== oldType.is) compareAs(oldType, before, after, schema, path, result);
  const isLeaf = compareAs(newType, before, after, schema, path, result);
  if (isLeaf) return;
  if (before === undefined) result.added.insert(path);
  else if (after === undefined) result.removed.insert(path);
}

/** Compares two values as a type has it; returns whether they were compared as one. */
function compareAs(
  type: ReturnType<typeof fieldType>,
  before: Json | undefined,
  after: Json | undefined,
  schema: Schema,
  path: FieldPath,
  result: ComparisonBuilder,
): boolean {
  if (type.is === "list" && !type.atomic && (hasContent(before) || hasContent(after))) {
    compareItems(asArray(before), asArray(after), type, path, result);
    return false;
  }
  if (type.is === "map" && !type.atomic && (hasContent(before) || hasContent(after))) {
    compareMembers(asObject(before), asObject(after), schema, path, result);
    return false;
  }
  if (before === undefined) result.added.insert(path);
  else if (after === undefined) result.removed.insert(path);
  else if (!sameJson(before, after)) result.modified.insert(path);
  return true;
}

function hasContent(value: Json | undefined): boolean {
  return isArray(value) ? value.length > 0 : Object.keys(asObject(value)).length > 0;
}

function compareMembers(
  before: JsonObject,
  after: JsonObject,
  schema: Schema,
  path: FieldPath,
  result: ComparisonBuilder,
): void {
  for (const [name, value] of entriesOf(before)) {
    compare(
      value,
      member(after, name),
      memberSchemaOrAny(schema, name),
      [...path, `f:${name}`],
      result,
    );
  }
  for (const [name, value] of entriesOf(after)) {
    if (has(before, name)) continue;
    compare(undefined, value, memberSchemaOrAny(schema, name), [...path, `f:${name}`], result);
  }
}

function compareItems(
  before: readonly Json[],
  after: readonly Json[],
  type: ListType,
  path: FieldPath,
  result: ComparisonBuilder,
): void {
  const oldItems = groupItems(before, type);
  const newItems = groupItems(after, type);
  for (const element of new Set([...oldItems.keys(), ...newItems.keys()])) {
    const itemPath = [...path, element];
    const [oldItem, ...oldCopies] = oldItems.get(element) ?? [];
    const [newItem, ...newCopies] = newItems.get(element) ?? [];
    if (oldCopies.length === 0 && newCopies.length === 0) {
      compare(oldItem, newItem, type.items, itemPath, result);
    } else if (oldCopies.length > 0 && newCopies.length > 0) {
      if (!sameJson(oldItems.get(element), newItems.get(element))) result.modified.insert(itemPath);
    } else if (oldCopies.length > 0) {
      if (newItem !== undefined) compare(undefined, newItem, type.items, itemPath, result);
      result.removed.insert(itemPath);
    } else {
      if (oldItem !== undefined) compare(oldItem, undefined, type.items, itemPath, result);
      result.added.insert(itemPath);
    }
  }
}

/** The items of a list by their names; items of the same name are duplicates, which are owned as one. */
export function groupItems(
  items: readonly Json[],
  type: ListType,
): ReadonlyMap<string, readonly Json[]> {
  const groups = new Map<string, Json[]>();
  for (const item of items) {
    const element = itemElementOrNone(item, type);
    if (element === undefined) continue;
    const group = groups.get(element);
    if (group) group.push(item);
    else groups.set(element, [item]);
  }
  return groups;
}
