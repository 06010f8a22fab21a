/** Defaults of custom resources, from their structural schema: `apiextensions-apiserver/pkg/apiserver/schema/defaulting`. */

import { entriesOf, isArray, isObject, type Json, type JsonObject } from "./json.ts";
import { OBJECT_META, type Schema } from "./schema.ts";

/**
 * Fills in the defaults of a structural schema.
 *
 * A null where the schema is not nullable is as good as absent: it becomes the default, or goes if there is none.
 */
export function structuralDefaults(object: JsonObject, schema: Schema): JsonObject {
  const filled = new Map<string, Json>();
  let changed = false;
  for (const [name, given] of entriesOf(object)) {
    const child = schema.child(name);
    const value = given === null && child && !child.source.nullable ? child.source.default : given;
    if (value !== undefined) filled.set(name, child ? fillValue(value, child) : value);
    changed ||= filled.get(name) !== given;
  }
  for (const name of schema.propertyNames) {
    const property = schema.property(name);
    const value = property?.source.default;
    if (!property || value === undefined || filled.has(name)) continue;
    filled.set(name, fillValue(value, property));
    changed = true;
  }
  return changed ? Object.fromEntries(filled) : object;
}

function fillValue(value: Json, schema: Schema): Json {
  // The metadata of an object follows its Go type, which has no defaults.
  if (schema.definition === OBJECT_META) return value;
  if (isObject(value)) return structuralDefaults(value, schema);
  const items = schema.items;
  if (!isArray(value) || !items) return value;
  const filled = value.map((given) => {
    const item = given === null && !items.source.nullable ? items.source.default ?? null : given;
    return fillValue(item, items);
  });
  return filled.every((item, index) => item === value[index]) ? value : filled;
}
