/** JSON values as the Common Expression Language sees them, typed by their schema. */

import { evaluate } from "@marcbachmann/cel-js";
import { base64Problem } from "./_scalars.ts";
import {
  asObject,
  entriesOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  member,
} from "./json.ts";
import { Schema } from "./schema.ts";

/** A span of time; the library makes and compares them, and nobody looks into them. */
export type CelDuration = object;

/** A value in an expression. */
export type CelValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | CelDuration
  | Uint8Array
  | readonly CelValue[]
  | { readonly [name: string]: CelValue };

const ANYTHING = new Schema({});

/** Words that mean something in an expression; a field of that name is written `__in__`. */
const RESERVED = new Set(
  (
    "true false null in as break const continue else for function if import let loop package namespace return var void while"
  ).split(" "),
);

/**
 * Makes the value that `self` stands for. Of an object with a schema, only the fields of the schema are there; of a whole
 * object also its apiVersion, its kind, and of its metadata the name and the generateName.
 */
export function celValue(value: Json, schema: Schema, isWholeObject: boolean): CelValue {
  if (isObject(value)) return celObject(value, schema, isWholeObject);
  if (isArray(value)) {
    const items = schema.items ?? ANYTHING;
    return value.map((item) =>
      celValue(item, items, items.source["x-kubernetes-embedded-resource"] === true)
    );
  }
  if (typeof value === "string") return celString(value, schema.source.format);
  if (typeof value === "number") {
    return schema.source.type !== "number" && Number.isInteger(value) ? BigInt(value) : value;
  }
  return value;
}

function celObject(object: JsonObject, schema: Schema, isWholeObject: boolean): CelValue {
  const { properties, additionalProperties } = schema.source;
  const isMap = additionalProperties !== undefined && !properties;
  const isOpen = !properties && additionalProperties === undefined;
  const values: [string, CelValue][] = [];
  for (const [name, value] of entriesOf(object)) {
    const child = isMap ? schema.additional : isOpen ? ANYTHING : schema.property(name);
    if (!child || (isWholeObject && name === "metadata")) continue;
    const isWhole = child.source["x-kubernetes-embedded-resource"] === true;
    values.push([isMap ? name : fieldName(name), celValue(value, child, isWhole)]);
  }
  if (isWholeObject) values.push(...typeAndName(object));
  return Object.fromEntries(values);
}

function typeAndName(object: JsonObject): readonly [string, CelValue][] {
  const strings = (from: JsonObject, ...names: readonly string[]): [string, CelValue][] =>
    names.flatMap((name) => {
      const value = member(from, name);
      return typeof value === "string" ? [[name, value]] : [];
    });
  const metadata = strings(asObject(object.metadata), "name", "generateName");
  return [...strings(object, "apiVersion", "kind"), ["metadata", Object.fromEntries(metadata)]];
}

function celString(text: string, format: string | undefined): CelValue {
  switch (format?.replaceAll("-", "")) {
    case "date":
    case "datetime":
      return new Date(text);
    case "duration":
      return duration(text) ?? text;
    case "byte":
      return base64Problem(text) ? text : Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    default:
      return text;
  }
}

function duration(text: string): CelDuration | undefined {
  try {
    const value: unknown = evaluate("duration(self)", { self: text });
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // A text of the wrong format has been refused already, or was stored before there was a format.
    return undefined;
  }
}

/** Name of a field in an expression: what cannot be written there is escaped. */
export function fieldName(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replaceAll("__", "__underscores__").replaceAll(".", "__dot__").replaceAll(
    "-",
    "__dash__",
  )
    .replaceAll("/", "__slash__");
}
