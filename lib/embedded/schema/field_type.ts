/** How the fields of an object are told apart and owned: as one, by name, by key or by value. */

import { entriesOf, isArray, isObject, type Json, type JsonObject, member } from "./json.ts";
import { RAW_EXTENSION, Schema } from "./schema.ts";

/** Owned as one. */
export interface ScalarType {
  /** Tells the types apart. */
  readonly is: "scalar";
}

/** An array. */
export interface ListType {
  /** Tells the types apart. */
  readonly is: "list";
  /** Whether it is owned as one. */
  readonly atomic: boolean;
  /** Members by which items are told apart; none in a set of scalars. */
  readonly keys: readonly string[];
  /** Schema of the items. */
  readonly items: Schema;
}

/** An object, or a map. */
export interface MapType {
  /** Tells the types apart. */
  readonly is: "map";
  /** Whether it is owned as one. */
  readonly atomic: boolean;
}

/** How one value is owned. */
export type FieldType = ScalarType | ListType | MapType;

/** Where no schema says anything: maps by their keys, everything else as one. */
const ANYTHING = new Schema({});

const SCALAR: ScalarType = { is: "scalar" };

/** How a value is owned. Where the schema leaves the type open, the value decides. */
export function fieldType(schema: Schema, value: Json | undefined): FieldType {
  if (schema.definition === RAW_EXTENSION) return { is: "map", atomic: true };
  switch (schema.source.type) {
    case "object":
      return mapType(schema);
    case "array":
      return listType(schema);
    case undefined:
      if (isArray(value)) return listType(schema);
      return isObject(value) || value === null ? mapType(schema) : SCALAR;
    default:
      return SCALAR;
  }
}

function mapType({ source }: Schema): MapType {
  return { is: "map", atomic: source["x-kubernetes-map-type"] === "atomic" };
}

function listType(schema: Schema): ListType {
  const { source } = schema;
  const items = schema.items ?? ANYTHING;
  const mergeKey = source["x-kubernetes-patch-merge-key"];
  switch (source["x-kubernetes-list-type"]) {
    case "map":
      return { is: "list", atomic: false, keys: source["x-kubernetes-list-map-keys"] ?? [], items };
    case "set":
      return { is: "list", atomic: false, keys: [], items };
    case undefined:
      if (!source["x-kubernetes-patch-strategy"]?.includes("merge")) break;
      return { is: "list", atomic: false, keys: mergeKey ? [mergeKey] : [], items };
  }
  return { is: "list", atomic: true, keys: [], items };
}

/** Schema of a member of an object; undefined if the schema does not declare it. */
export function memberSchema(schema: Schema, name: string): Schema | undefined {
  const child = schema.child(name);
  if (child) return child;
  const { properties, additionalProperties } = schema.source;
  const isOpen = schema.source["x-kubernetes-preserve-unknown-fields"] === true ||
    (!properties && additionalProperties === undefined);
  return isOpen ? ANYTHING : undefined;
}

/** Schema of a member of an object, or of anything if the schema does not declare it. */
export function memberSchemaOrAny(schema: Schema, name: string): Schema {
  return memberSchema(schema, name) ?? ANYTHING;
}

/**
 * Name of an item of a list that is told apart by keys or by value.
 *
 * @throws {RangeError} in the words of the real server, if the item has no name
 */
export function itemElement(item: Json, { keys, items }: ListType): string {
  if (keys.length === 0) return valueElement(item);
  if (item === null) throw new RangeError("associative list with keys may not have a null element");
  if (!isObject(item)) {
    throw new RangeError("associative list with keys may not have non-map elements");
  }
  const found: JsonObject = Object.fromEntries(
    [...keys].sort().map((key) => [key, member(item, key) ?? items.property(key)?.source.default]),
  );
  const entries = entriesOf(found);
  if (entries.length > 0) return `k:${JSON.stringify(Object.fromEntries(entries))}`;
  const quoted = keys.map((key) => JSON.stringify(key)).join(" ");
  throw new RangeError(
    `associative list with keys has an element that omits all key fields [${quoted}] (and doesn't have default values for any key fields)`,
  );
}

function valueElement(item: Json): string {
  if (isObject(item)) {
    throw new RangeError("associative list without keys has an element that's a map type");
  }
  if (isArray(item)) throw new RangeError("not supported: associative list with lists as elements");
  if (item === null) {
    throw new RangeError("associative list without keys has an element that's an explicit null");
  }
  return `v:${JSON.stringify(item)}`;
}

/** Like {@linkcode itemElement}, but undefined for an item without a name. */
export function itemElementOrNone(item: Json, type: ListType): string | undefined {
  try {
    return itemElement(item, type);
  } catch {
    // Objects that are stored may be older than the rule that they break; nobody owns what has no name.
    return undefined;
  }
}
