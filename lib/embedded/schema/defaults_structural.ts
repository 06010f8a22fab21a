/** Defaults of custom resources, from their structural schema: `apiextensions-apiserver/pkg/apiserver/schema/defaulting`. */

import { entriesOf, isArray, isObject, type Json, type JsonObject } from "./json.ts";
import { OBJECT_META, type Schema } from "./schema.ts";

/**
 * Fills in the defaults of a structural schema. A null where the schema is not nullable is as good as absent: it becomes the
 * default if there is one.
 */
export function structuralDefaults(object: JsonObject, schema: Schema): JsonObject {
  const filled = new Map<string, Json>();
  let changed = false;
  for (const [name, given] of entriesOf(object)) {
    const child = schema.child(name);
    const value = given === null && child ? withoutNull(child) : given;
    filled.set(name, child ? fillValue(value, child) : value);
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
    return fillValue(given === null ? withoutNull(items) : given, items);
  });
  return filled.every((item, index) => item === value[index]) ? value : filled;
}

/** What stands for null. */
function withoutNull({ source }: Schema): Json {
  return source.nullable ? null : source.default ?? null;
}
