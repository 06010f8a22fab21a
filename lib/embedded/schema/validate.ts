/** stub */
import type { FieldError } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";
/** stub */
export function validateCreate(_kind: KindSchema, _object: JsonObject): readonly FieldError[] {
  return [];
}
/** stub */
export function validateUpdate(
  _kind: KindSchema,
  _object: JsonObject,
  _old: JsonObject,
  _subresource: string,
): readonly FieldError[] {
  return [];
}
