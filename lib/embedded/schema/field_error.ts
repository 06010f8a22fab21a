/** Making field errors in the words of `k8s.io/apimachinery/pkg/util/validation/field/errors.go`. */

import type { FieldError, FieldErrorReason } from "./errors.ts";
import type { Json } from "./json.ts";

/** Path of the object as a whole. */
export const ROOT = "<nil>";

/** Path of a member. */
export function childPath(path: string, name: string): string {
  return path === ROOT || path === "" ? name : `${path}.${name}`;
}

/** Path of an entry of a map, or of an item of a list. */
export function keyPath(path: string, key: string | number): string {
  return path === ROOT ? `[${key}]` : `${path}[${key}]`;
}

/** A value that breaks a rule. */
export function invalid(field: string, value: Json, detail: string): FieldError {
  return make("FieldValueInvalid", field, `Invalid value: ${shown(value)}`, detail);
}

/** A value of the wrong type. */
export function typeInvalid(field: string, value: Json, detail: string): FieldError {
  return make("FieldValueTypeInvalid", field, `Invalid value: ${shown(value)}`, detail);
}

/** A value that is missing. */
export function required(field: string, detail = ""): FieldError {
  return make("FieldValueRequired", field, "Required value", detail);
}

/** A value that is not one of those that there are. */
export function notSupported(field: string, value: Json, supported: readonly string[]): FieldError {
  const list = supported.map((item) => JSON.stringify(item)).join(", ");
  const detail = supported.length > 0 ? `supported values: ${list}` : "";
  return make("FieldValueNotSupported", field, `Unsupported value: ${shown(value)}`, detail);
}

/** A value that must not be there, or not be changed. */
export function forbidden(field: string, detail: string): FieldError {
  return make("FieldValueForbidden", field, "Forbidden", detail);
}

/** A value that is there twice. */
export function duplicate(field: string, value: Json): FieldError {
  return make("FieldValueDuplicate", field, `Duplicate value: ${shown(value)}`, "");
}

/** A value that refers to nothing. */
export function notFound(field: string, value: Json): FieldError {
  return make("FieldValueNotFound", field, `Not found: ${shown(value)}`, "");
}

/** A text that is longer than `limit` bytes. */
export function tooLong(field: string, limit: number): FieldError {
  const unit = limit === 1 ? "byte" : "bytes";
  return make("FieldValueTooLong", field, "Too long", `may not be more than ${limit} ${unit}`);
}

/** A list with more than `limit` items. */
export function tooMany(field: string, count: number, limit: number): FieldError {
  const unit = limit === 1 ? "item" : "items";
  return make(
    "FieldValueTooMany",
    field,
    `Too many: ${count}`,
    `must have at most ${limit} ${unit}`,
  );
}

function make(reason: FieldErrorReason, field: string, what: string, detail: string): FieldError {
  return { reason, field, message: detail ? `${what}: ${detail}` : what };
}

function shown(value: Json): string {
  return JSON.stringify(value);
}

/** Each error once, in the order of their first appearance. */
export function distinct(errors: readonly FieldError[]): readonly FieldError[] {
  const seen = new Map(errors.map((error) => [`${error.field} ${error.message}`, error]));
  return [...seen.values()];
}
