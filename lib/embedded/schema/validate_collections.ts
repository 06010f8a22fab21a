/** Whether the schema of a list or map in a CustomResourceDefinition says in a way that works how its parts are told apart. */

import type { FieldError } from "./errors.ts";
import { childPath, invalid, keyPath, notSupported, required } from "./field_error.ts";
import { asArray, asObject, asString, type Json, type JsonObject, member } from "./json.ts";

const LIST_TYPE = "x-kubernetes-list-type";
const LIST_KEYS = "x-kubernetes-list-map-keys";
const MAP_TYPE = "x-kubernetes-map-type";
const EMBEDDED = "x-kubernetes-embedded-resource";
const PRESERVE = "x-kubernetes-preserve-unknown-fields";

const LIST_TYPES = ["atomic", "set", "map"];
const MAP_TYPES = ["atomic", "granular"];

/** What is wrong with the extensions of Kubernetes in one node of a schema. */
export function validateCollectionTypes(schema: JsonObject, path: string): readonly FieldError[] {
  return [
    ...mapErrors(schema, path),
    ...listErrors(schema, path),
    ...(schema[LIST_TYPE] === "map" ? keyedErrors(schema, path) : []),
    ...objectErrors(schema, path),
  ];
}

function oneOf(
  value: Json | undefined,
  supported: readonly string[],
  path: string,
): readonly FieldError[] {
  if (value === undefined || supported.includes(asString(value))) return [];
  return [notSupported(path, value, supported)];
}

function mapErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const isMap = schema[MAP_TYPE] === undefined || schema.type === "object";
  return [
    ...oneOf(schema[MAP_TYPE], MAP_TYPES, childPath(path, MAP_TYPE)),
    ...(isMap ? [] : wrongType(schema, path, `must be object if ${MAP_TYPE} is specified`)),
  ];
}

function wrongType(schema: JsonObject, path: string, detail: string): readonly FieldError[] {
  return [invalid(childPath(path, "type"), schema.type ?? "", detail)];
}

function listErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const type = schema[LIST_TYPE];
  const hasKeys = asArray(schema[LIST_KEYS]).length > 0;
  const items = asObject(schema.items);
  const itemsPath = childPath(path, "items");
  const isWhole = items.type !== "object" || items[MAP_TYPE] === "atomic";
  return [
    ...oneOf(type, LIST_TYPES, childPath(path, LIST_TYPE)),
    ...(type === undefined || schema.type === "array"
      ? []
      : wrongType(schema, path, `must be array if ${LIST_TYPE} is specified`)),
    ...(hasKeys && type === undefined
      ? [required(childPath(path, LIST_TYPE), `must be map if ${LIST_KEYS} is non-empty`)]
      : []),
    ...(type === "set" && !isWhole
      ? [invalid(
        childPath(itemsPath, MAP_TYPE),
        items[MAP_TYPE] ?? null,
        `must be atomic as item of a list with ${LIST_TYPE}=set`,
      )]
      : []),
  ];
}

function keyedErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const keys = asArray(schema[LIST_KEYS]).map(asString);
  const keysPath = childPath(path, LIST_KEYS);
  const itemsPath = childPath(path, "items");
  const items = asObject(schema.items);
  if (keys.length === 0) {
    return [required(keysPath, `must not be empty if ${LIST_TYPE} is map`)];
  }
  if (items.type !== "object") {
    const detail = `must be object if parent array's ${LIST_TYPE} is map`;
    return wrongType(items, itemsPath, detail);
  }
  const properties = asObject(items.properties);
  const known = keys.filter((key) => member(properties, key) !== undefined);
  const mayBeAbsent = known.filter((key) =>
    !asArray(items.required).includes(key) &&
    asObject(member(properties, key)).default === undefined
  );
  return [
    ...(known.length === keys.length
      ? []
      : [invalid(keysPath, keys, "entries must all be names of item properties")]),
    ...(new Set(keys).size === keys.length
      ? []
      : [invalid(keysPath, keys, "must not contain duplicate entries")]),
    ...mayBeAbsent.map((key) =>
      required(
        childPath(keyPath(childPath(itemsPath, "properties"), key), "default"),
        `this property is in ${LIST_KEYS}, so it must have a default or be a required property`,
      )
    ),
  ];
}

function objectErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const keeps = schema[PRESERVE];
  const isEmbedded = schema[EMBEDDED] === true;
  return [
    ...(keeps === false
      ? [invalid(childPath(path, PRESERVE), false, "must be true or undefined")]
      : []),
    ...(isEmbedded && keeps !== true && schema.properties === undefined
      ? [required(
        childPath(path, "properties"),
        `must not be empty if ${EMBEDDED} is true without ${PRESERVE}`,
      )]
      : []),
    ...(isEmbedded && schema.type !== "object"
      ? wrongType(schema, path, `must be object if ${EMBEDDED} is true`)
      : []),
  ];
}
