/** Whether a custom resource is right: names, schema, lists and rules, in the order of the real server. */

import { hasRules, validateRules } from "./cel.ts";
import type { FieldError } from "./errors.ts";
import { invalid, ROOT } from "./field_error.ts";
import { asObject, type JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";
import { subdomainProblems } from "./names.ts";
import { Schema } from "./schema.ts";
import { validateEmbedded, validateUnique } from "./validate_lists.ts";
import { validateMetadata, validateMetadataUpdate } from "./validate_metadata.ts";
import { validateScaleSpec, validateScaleStatus } from "./validate_scale.ts";
import { validateSchema } from "./validate_schema.ts";

/** Mistakes after which rules are not evaluated: the value may not even be of the type that they expect. */
const BLOCKING = [
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
];

const NOT_CHECKED = invalid(
  ROOT,
  null,
  "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
);

const ANYTHING = new Schema({});

/** What is wrong with a new custom resource. */
export function validateCustomCreate(kind: KindSchema, object: JsonObject): readonly FieldError[] {
  const schema = kind.declared ?? ANYTHING;
  const errors = [
    ...validateMetadata(asObject(object.metadata), subdomainProblems),
    ...validateSchema(object, schema),
    ...validateScaleSpec(object, kind.scale),
    ...validateScaleStatus(object, kind.scale),
    ...validateEmbedded(object, schema),
    ...validateUnique(object, schema),
  ];
  return withRules(errors, schema, object, undefined);
}

/** What is wrong with a custom resource that takes the place of `old`. */
export function validateCustomUpdate(
  kind: KindSchema,
  object: JsonObject,
  old: JsonObject,
  subresource: string,
): readonly FieldError[] {
  const schema = kind.declared ?? ANYTHING;
  const hadRepeated = validateUnique(old, schema).length > 0;
  const errors = [
    ...validateMetadataUpdate(asObject(object.metadata), asObject(old.metadata)),
    ...(subresource === "status"
      ? validateStatus(object, old, schema)
      : [...validateSchema(object, schema, old), ...validateScaleSpec(object, kind.scale)]),
    ...validateScaleStatus(object, kind.scale),
    ...validateEmbedded(object, schema),
    ...(hadRepeated ? [] : validateUnique(object, schema)),
  ];
  return withRules(errors, schema, object, old);
}

function validateStatus(
  object: JsonObject,
  old: JsonObject,
  schema: Schema,
): readonly FieldError[] {
  const status = schema.property("status");
  if (!status || object.status === undefined) return [];
  return validateSchema(object.status, status, old.status, "status");
}

function withRules(
  errors: readonly FieldError[],
  schema: Schema,
  object: JsonObject,
  old: JsonObject | undefined,
): readonly FieldError[] {
  if (!errors.some(({ reason }) => BLOCKING.includes(reason))) {
    return [...errors, ...validateRules(object, schema, old)];
  }
  // Without any rules there is nothing that was left out.
  return hasRules(schema) ? [...errors, NOT_CHECKED] : errors;
}
