/** The shape that an object of a built-in kind has after Go has read and written it. */

import { canonicalTime } from "./_scalars.ts";
import { isEmptyKept, isNullWhenAbsent, isZeroAbsent, isZeroQuantity } from "./_go_types.ts";
import { entriesOf, isArray, isObject, type Json, type JsonObject, member } from "./json.ts";
import { canonicalQuantity } from "./quantity.ts";
import { MICRO_TIME, QUANTITY, type Schema, shortName, TIME } from "./schema.ts";

/**
 * The object as the Go type of its schema writes it: nulls, empty lists, maps and strings, and zeros that mean nothing
 * are gone; fields that are always written are there (`status: {}`, `lastProbeTime: null`); times are in UTC and
 * quantities canonical. Fields that the schema does not know are gone too.
 */
export function goShape(object: JsonObject, schema: Schema): JsonObject {
  if (!schema.source.properties) return shapeMap(object, schema);
  const type = shortName(schema.definition ?? "");
  const shaped: Record<string, Json> = {};
  for (const name of schema.propertyNames) {
    const field = schema.property(name);
    const value = field &&
      shapeField(member(object, name), field, type, name, isRequired(schema, name));
    if (value !== undefined) shaped[name] = value;
  }
  return shaped;
}

function isRequired({ source }: Schema, name: string): boolean {
  return source.required?.includes(name) === true;
}

function shapeField(
  given: Json | undefined,
  field: Schema,
  type: string,
  name: string,
  required: boolean,
): Json | undefined {
  const value = given === null || given === undefined ? undefined : shapeValue(given, field);
  if (value === undefined) return absentValue(field, type, name, required);
  const isAbsent = !required && isEmpty(value, field, type, name);
  return isAbsent ? absentValue(field, type, name, required) : value;
}

/** What is written where there is no value: OpenAPI gives a zero default to fields that are no pointers and always written. */
function absentValue(
  field: Schema,
  type: string,
  name: string,
  required: boolean,
): Json | undefined {
  const zero = field.source.default;
  if (isObject(zero)) return goShape({}, field);
  if (zero === "" || zero === 0 || zero === false) return zero;
  if (isZeroQuantity(type, name)) return "0";
  return required || isNullWhenAbsent(type, name) ? null : undefined;
}

function isEmpty(value: Json, field: Schema, type: string, name: string): boolean {
  if (isArray(value)) return value.length === 0 && !isEmptyKept(type, name);
  if (isObject(value)) {
    return Object.keys(value).length === 0 && field.source.additionalProperties !== undefined;
  }
  if (value === "") return !isEmptyKept(type, name);
  return (value === 0 || value === false) && isZeroAbsent(type, name);
}

function shapeValue(value: Json, schema: Schema): Json {
  if (schema.definition === QUANTITY) {
    return canonicalQuantity(typeof value === "number" ? decimal(value) : String(value));
  }
  if (typeof value === "string") return shapeString(value, schema);
  if (isObject(value)) return goShape(value, schema);
  const items = schema.items;
  return isArray(value) && items ? value.map((item) => shapeItem(item, items)) : value;
}

function shapeItem(item: Json, schema: Schema): Json {
  return item === null ? absentValue(schema, "", "", true) ?? null : shapeValue(item, schema);
}

function shapeString(value: string, { definition }: Schema): string {
  if (definition === TIME || definition === MICRO_TIME) {
    return canonicalTime(value, definition === MICRO_TIME);
  }
  return value;
}

/** A map keeps all that is in it; a schema without fields, such as RawExtension, stands for any JSON. */
function shapeMap(object: JsonObject, schema: Schema): JsonObject {
  const additional = schema.additional;
  if (!additional) return object;
  return Object.fromEntries(
    entriesOf(object).map(([name, value]) => [name, shapeItem(value, additional)]),
  );
}

/** A number without an exponent, which a quantity would read in its own way. */
function decimal(value: number): string {
  const text = String(value);
  return text.includes("e")
    ? value.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 9 })
    : text;
}
