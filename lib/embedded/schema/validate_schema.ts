/** Whether a value fits an OpenAPI schema, in the words of `k8s.io/kube-openapi/pkg/validation`. */

import type { FieldError } from "./errors.ts";
import {
  childPath,
  invalid,
  notSupported,
  required,
  ROOT,
  tooLong,
  tooMany,
  typeInvalid,
} from "./field_error.ts";
import { groupItems } from "./field_walk.ts";
import { fieldType, itemElementOrNone } from "./field_type.ts";
import { hasFormat, isKnownFormat } from "./formats.ts";
import {
  entriesOf,
  has,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  member,
  sameJson,
} from "./json.ts";
import { compilePattern } from "./patterns.ts";
import type { Schema } from "./schema.ts";

/** Where a value stands: names in messages are relative to `base`, fields are not. */
interface Place {
  readonly base: string;
  readonly path: string;
}

/** Name of the place in messages; `body` stands for the whole. */
function nameOf({ path }: Place): string {
  return `${path} in body`;
}

function fieldOf({ base, path }: Place): string {
  if (path === "") return base;
  return childPath(base, path.startsWith(".") ? path.slice(1) : path);
}

/**
 * What is wrong with a value, in the order of the real server. What was wrong before and has not changed since is no error:
 * `old` is what the value takes the place of, if anything. `base` is the path of the value, unless it is a whole object.
 */
export function validateSchema(
  value: Json,
  schema: Schema,
  old?: Json,
  base: string = ROOT,
): readonly FieldError[] {
  return validate(value, schema, old, { base, path: "" });
}

function validate(
  value: Json,
  schema: Schema,
  old: Json | undefined,
  place: Place,
): readonly FieldError[] {
  const errors = value === null
    ? [...validateType(value, schema, place), ...validateEnum(value, schema, place)]
    : [
      ...validateType(value, schema, place),
      ...validateParts(value, schema, place),
      ...(typeof value === "string" ? validateString(value, schema, place) : []),
      ...(typeof value === "number" ? validateNumber(value, schema, place) : []),
      ...(isArray(value) ? validateArray(value, schema, old, place) : []),
      ...validateEnum(value, schema, place),
      ...(isObject(value) ? validateObject(value, schema, old, place) : []),
    ];
  return errors.length > 0 && old !== undefined && sameJson(value, old) ? [] : errors;
}

function validateType(value: Json, { source }: Schema, place: Place): readonly FieldError[] {
  const { type, format, nullable } = source;
  const types = source["x-kubernetes-int-or-string"] ? ["integer", "string"] : type ? [type] : [];
  const found = typeOf(value);
  const fits = types.length === 0 || types.includes(found) ||
    (found === "integer" && types.includes("number")) || (value === null && nullable === true);
  if (fits) return [];
  // Formats of numbers are not known here, and those of strings are named in place of the type.
  const isFormatted = type === "string" && format !== undefined && isKnownFormat(format) &&
    value !== null && !isArray(value);
  const what = isFormatted ? GO_FORMATS[found] ?? "" : found;
  const wanted = isFormatted ? format : types.join(",");
  const detail = `${nameOf(place)} must be of type ${wanted}: ${JSON.stringify(what)}`;
  return [typeInvalid(fieldOf(place), what, detail)];
}

/** Formats of Go's numbers. */
const GO_FORMATS: Readonly<Record<string, string>> = { integer: "int64", number: "float64" };

/** JSON type of a value, as schemas name it. */
export function typeOf(value: Json): string {
  if (value === null) return "null";
  if (isArray(value)) return "array";
  if (typeof value === "number") return isInt64(value) ? "integer" : "number";
  return typeof value;
}

function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

function validateParts(value: Json, schema: Schema, place: Place): readonly FieldError[] {
  const { anyOf, oneOf, allOf, not } = schema.source;
  const tryOut = (part: Parameters<Schema["part"]>[0]): readonly FieldError[] =>
    validate(value, schema.part(part), undefined, place);
  const errors: FieldError[] = [];
  const complain = (detail: string): void => {
    errors.push(invalid(place.base, "", `${JSON.stringify(place.path)} must ${detail}`));
  };
  const anyTried = anyOf?.map(tryOut) ?? [];
  if (anyTried.length > 0 && anyTried.every((tried) => tried.length > 0)) {
    complain("validate at least one schema (anyOf)");
    errors.push(...anyTried[0] ?? []);
  }
  const oneTried = oneOf?.map(tryOut) ?? [];
  const valid = oneTried.filter((tried) => tried.length === 0).length;
  if (oneTried.length > 0 && valid !== 1) {
    const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
    complain(`validate one and only one schema (oneOf). ${found}`);
    if (valid === 0) errors.push(...oneTried[0] ?? []);
  }
  const allTried = allOf?.map(tryOut) ?? [];
  if (allTried.some((tried) => tried.length > 0)) {
    errors.push(...allTried.flat());
    const none = allTried.every((tried) => tried.length > 0) ? ". None validated" : "";
    complain(`validate all the schemas (allOf)${none}`);
  }
  if (not && tryOut(not).length === 0) complain("not validate the schema (not)");
  return errors;
}

function validateString(text: string, { source }: Schema, place: Place): readonly FieldError[] {
  const field = fieldOf(place);
  const errors: FieldError[] = [];
  const length = [...text].length;
  const { maxLength, minLength, pattern, format } = source;
  if (maxLength !== undefined && length > maxLength) errors.push(tooLong(field, maxLength));
  else if (minLength !== undefined && length < minLength) {
    errors.push(
      invalid(field, text, `${nameOf(place)} should be at least ${minLength} chars long`),
    );
  } else if (pattern && compilePattern(pattern)?.test(text) === false) {
    errors.push(invalid(field, text, `${nameOf(place)} should match '${pattern}'`));
  }
  if (format && !hasFormat(text, format)) {
    const detail = `${nameOf(place)} must be of type ${format}: ${JSON.stringify(text)}`;
    errors.push(typeInvalid(field, text, detail));
  }
  return errors;
}

function validateNumber(value: number, { source }: Schema, place: Place): readonly FieldError[] {
  const errors: FieldError[] = [];
  const complain = (what: string, limit: number): void => {
    errors.push(invalid(fieldOf(place), value, `${nameOf(place)} should be ${what} ${limit}`));
  };
  const { multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = source;
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    complain("a multiple of", multipleOf);
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    complain(exclusiveMinimum ? "greater than" : "greater than or equal to", minimum);
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    complain(exclusiveMaximum ? "less than" : "less than or equal to", maximum);
  }
  return errors;
}

function validateArray(
  items: readonly Json[],
  schema: Schema,
  old: Json | undefined,
  place: Place,
): readonly FieldError[] {
  const field = fieldOf(place);
  const errors: FieldError[] = [];
  const itemSchema = schema.items;
  if (itemSchema) {
    const oldItem = oldItems(schema, old);
    for (const [index, item] of items.entries()) {
      const itemPlace = { ...place, path: `${place.path}[${index}]` };
      errors.push(...validate(item, itemSchema, oldItem(item), itemPlace));
    }
  }
  const { minItems, maxItems, uniqueItems } = schema.source;
  if (minItems !== undefined && items.length < minItems) {
    errors.push(
      invalid(field, items.length, `${nameOf(place)} should have at least ${minItems} items`),
    );
  }
  if (maxItems !== undefined && items.length > maxItems) {
    errors.push(tooMany(field, items.length, maxItems));
  }
  const isTwice = (item: Json, index: number): boolean =>
    items.slice(0, index).some((other) => sameJson(item, other));
  if (uniqueItems && items.some(isTwice)) {
    errors.push(invalid(field, "", `${nameOf(place)} shouldn't contain duplicates`));
  }
  return errors;
}

/** Finds the old item of the same keys, in lists whose items have keys. */
export function oldItems(schema: Schema, old: Json | undefined): (item: Json) => Json | undefined {
  const type = fieldType(schema, []);
  if (!isArray(old) || type.is !== "list" || type.keys.length === 0) return () => undefined;
  const groups = groupItems(old, type);
  return (item) => groups.get(itemElementOrNone(item, type) ?? "")?.[0];
}

function validateEnum(value: Json, { source }: Schema, place: Place): readonly FieldError[] {
  const values = source.enum;
  if (!values || values.length === 0) return [];
  if (value !== null && values.some((allowed) => sameJson(allowed, value))) return [];
  const supported = values.map((allowed) =>
    typeof allowed === "string" ? allowed : JSON.stringify(allowed)
  );
  return [notSupported(fieldOf(place), value, supported)];
}

function validateObject(
  object: JsonObject,
  schema: Schema,
  old: Json | undefined,
  place: Place,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { minProperties, maxProperties } = schema.source;
  const entries = entriesOf(object);
  if (minProperties !== undefined && entries.length < minProperties) {
    const detail = `${nameOf(place)} should have at least ${minProperties} properties`;
    errors.push(invalid(fieldOf(place), entries.length, detail));
  }
  if (maxProperties !== undefined && entries.length > maxProperties) {
    errors.push(tooMany(fieldOf(place), entries.length, maxProperties));
  }
  const oldObject = isObject(old) ? old : {};
  for (const [name, value] of entries) {
    const property = schema.property(name);
    const child = property ?? schema.additional;
    if (!child) continue;
    const path = property && place.path === "" ? name : `${place.path}.${name}`;
    errors.push(...validate(value, child, member(oldObject, name), { ...place, path }));
  }
  for (const name of schema.source.required ?? []) {
    if (!has(object, name)) {
      errors.push(required(fieldOf({ ...place, path: `${place.path}.${name}` })));
    }
  }
  return errors;
}
