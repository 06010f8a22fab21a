/** Removing fields from an object. */

import { below, type FieldSet, isEmptySet } from "./field_set.ts";
import { fieldType, itemElementOrNone, memberSchemaOrAny } from "./field_type.ts";
import { entriesOf, isArray, isObject, type Json, type JsonObject } from "./json.ts";
import type { Schema } from "./schema.ts";

/** The object without some fields. An object or list that has lost all its contents is null, and is for defaulting to drop. */
export function removeFields(object: JsonObject, fields: FieldSet, schema: Schema): JsonObject {
  const rest = remove(object, fields, schema);
  return isObject(rest) ? rest : {};
}

function remove(value: Json, fields: FieldSet, schema: Schema): Json {
  if (isEmptySet(fields)) return value;
  const type = fieldType(schema, value);
  if (type.is === "scalar") return value;
  if (type.atomic) return null;
  if (type.is === "map") return isObject(value) ? removeMembers(value, fields, schema) : null;
  if (!isArray(value)) return null;
  const rest = value.flatMap((item) => {
    const element = itemElementOrNone(item, type);
    if (element === undefined) return [item];
    return fields.members.has(element) ? [] : [remove(item, below(fields, element), type.items)];
  });
  return rest.length > 0 ? rest : null;
}

function removeMembers(object: JsonObject, fields: FieldSet, schema: Schema): Json {
  const rest = entriesOf(object).flatMap(([name, value]) => {
    const element = `f:${name}`;
    if (fields.members.has(element)) return [];
    return [
      [name, remove(value, below(fields, element), memberSchemaOrAny(schema, name))] as const,
    ];
  });
  return rest.length > 0 ? Object.fromEntries(rest) : null;
}

/**
 * The set with every field that the schema knows by name made a member when something below it is in the set, so that it
 * goes together with all that is in it.
 */
export function withNamedFields(set: FieldSet, schema: Schema): FieldSet {
  const children = [...set.children].map(([element, child]) =>
    [element, withNamedFields(child, schemaBelow(schema, element))] as const
  );
  const named = [...set.children.keys()].filter((element) =>
    element.startsWith("f:") && schema.property(element.slice(2)) !== undefined
  );
  return { members: new Set([...set.members, ...named]), children: new Map(children) };
}

function schemaBelow(schema: Schema, element: string): Schema {
  if (element.startsWith("f:")) return memberSchemaOrAny(schema, element.slice(2));
  return schema.items ?? schema;
}
