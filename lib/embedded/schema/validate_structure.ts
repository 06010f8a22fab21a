/** Whether the schema in a CustomResourceDefinition is structural: `apiextensions-apiserver/pkg/apiserver/schema`. */

import { validateRules } from "./cel.ts";
import { expressionProblem } from "./cel_rule.ts";
import { structuralDefaults } from "./defaults_structural.ts";
import type { FieldError } from "./errors.ts";
import { childPath, forbidden, invalid, keyPath, notSupported, required } from "./field_error.ts";
import {
  asArray,
  asObject,
  asString,
  entriesOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from "./json.ts";
import { prune } from "./prune.ts";
import { Schema, type SchemaSource } from "./schema.ts";
import { validateCollectionTypes } from "./validate_collections.ts";
import { validateSchema } from "./validate_schema.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];
const REASONS = [
  "FieldValueDuplicate",
  "FieldValueForbidden",
  "FieldValueInvalid",
  "FieldValueRequired",
];

/** Keywords of JSON Schema that Kubernetes does not know. */
const UNSUPPORTED = ["$ref", "additionalItems", "definitions", "dependencies", "patternProperties"];

/** Fields that every object has; a schema may say of them what they are anyway. */
const ROOT_TYPES: Readonly<Record<string, string>> = {
  apiVersion: "string",
  kind: "string",
  metadata: "object",
};
const METADATA_KEYWORDS = ["description", "properties", "type"];
const METADATA_FIELDS = ["generateName", "name"];

/** What is wrong with the schema of whole objects. */
export function validateStructure(schema: JsonObject, path: string): readonly FieldError[] {
  const properties = asObject(schema.properties);
  const type = schema.type;
  return [
    ...(type === undefined || type === "object"
      ? []
      : [invalid(childPath(path, "type"), type, "must be object at the root")]),
    ...(schema.additionalProperties === undefined
      ? []
      : [forbidden(childPath(path, "additionalProperties"), "must not be used at the root")]),
    ...(schema.nullable === true
      ? [forbidden(childPath(path, "nullable"), "nullable cannot be true at the root")]
      : []),
    ...Object.entries(ROOT_TYPES).flatMap(([name, wanted]) => {
      const found = asObject(properties[name]).type ?? wanted;
      const typePath = childPath(keyPath(childPath(path, "properties"), name), "type");
      return found === wanted ? [] : [invalid(typePath, found, `must be ${wanted}`)];
    }),
    ...metadataErrors(asObject(properties.metadata), childPath(path, "properties[metadata]")),
    ...validateNode(schema, path, "at the root"),
  ];
}

function metadataErrors(metadata: JsonObject, path: string): readonly FieldError[] {
  const isPlain = Object.keys(metadata).every((keyword) => METADATA_KEYWORDS.includes(keyword)) &&
    Object.keys(asObject(metadata.properties)).every((name) => METADATA_FIELDS.includes(name));
  if (isPlain) return [];
  const detail =
    "must not specify anything other than name and generateName, but metadata is implicitly specified";
  return [forbidden(path, detail)];
}

/** Every node has a type, unless it says that anything goes. */
function validateNode(schema: JsonObject, path: string, where: string): readonly FieldError[] {
  const at = (name: string): string => childPath(path, name);
  const { properties, items, additionalProperties } = schema;
  const fields = "for specified object fields";
  return [
    ...typeErrors(schema, path, where),
    ...UNSUPPORTED.filter((keyword) => schema[keyword] !== undefined)
      .map((keyword) => forbidden(at(keyword), `${keyword} is not supported`)),
    ...(schema.uniqueItems === true
      ? [forbidden(
        at("uniqueItems"),
        "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
      )]
      : []),
    ...(properties !== undefined && additionalProperties !== undefined
      ? [forbidden(
        at("additionalProperties"),
        "additionalProperties and properties are mutual exclusive",
      )]
      : []),
    ...validateCollectionTypes(schema, path),
    ...alternativeErrors(schema, path),
    ...defaultErrors(schema, path),
    ...ruleErrors(schema, at("x-kubernetes-validations")),
    ...entriesOf(asObject(properties)).flatMap(([name, property]) =>
      validateNode(asObject(property), keyPath(at("properties"), name), fields)
    ),
    ...(isObject(items) ? validateNode(items, at("items"), "for specified array items") : []),
    ...(isObject(additionalProperties)
      ? validateNode(additionalProperties, at("additionalProperties"), fields)
      : []),
  ];
}

function typeErrors(schema: JsonObject, path: string, where: string): readonly FieldError[] {
  const { type, items } = schema;
  const isOpen = schema["x-kubernetes-int-or-string"] === true ||
    schema["x-kubernetes-preserve-unknown-fields"] === true;
  const typePath = childPath(path, "type");
  if (type === undefined) {
    return isOpen ? [] : [required(typePath, `must not be empty ${where}`)];
  }
  const itemsPath = childPath(path, "items");
  return [
    ...(TYPES.includes(asString(type)) ? [] : [notSupported(typePath, type, TYPES)]),
    ...(type === "null"
      ? [forbidden(typePath, "type cannot be set to null, use nullable as an alternative")]
      : []),
    ...(isArray(items)
      ? [forbidden(itemsPath, "items must be a schema object and not an array")]
      : []),
    ...(type === "array" && items === undefined ? [required(itemsPath, "must be specified")] : []),
  ];
}

/** Alternatives narrow values down, and say nothing of their types. Only numbers or strings are told apart by them. */
function alternativeErrors(schema: JsonObject, path: string): readonly FieldError[] {
  if (schema["x-kubernetes-int-or-string"] === true) return [];
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((name) =>
    asArray(schema[name]).map((part, index) =>
      [keyPath(childPath(path, name), index), part] as const
    )
  );
  return [...parts, [childPath(path, "not"), schema.not] as const].flatMap(([partPath, part]) =>
    asObject(part).type === undefined
      ? []
      : [forbidden(childPath(partPath, "type"), "must be empty to be structural")]
  );
}

function defaultErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const { default: value, ...rest } = schema;
  if (value === undefined || value === null) return [];
  // An interface with optional members is no JSON to TypeScript; a definition has nothing but schemas here.
  const source = rest as SchemaSource;
  const defaultPath = childPath(path, "default");
  // What cannot be resolved has been refused already.
  if (hasReference(rest)) return [];
  const root = new Schema({ type: "object", properties: { value: source } });
  const kind = { group: "", version: "", kind: "", custom: true, hasStatus: false, root };
  if (prune(kind, { value }).unknown.length > 0) {
    return [invalid(defaultPath, value, "must not have unknown fields")];
  }
  const { value: filled = null } = structuralDefaults({ value }, root);
  const errors = validateSchema(filled, new Schema(source), undefined, defaultPath);
  if (errors.length > 0) return errors;
  return validateRules({ value: filled }, root, undefined).map((error) => ({
    ...error,
    field: defaultPath + error.field.slice("value".length),
  }));
}

function hasReference(value: Json | undefined): boolean {
  if (isArray(value)) return value.some(hasReference);
  return isObject(value) &&
    (typeof value.$ref === "string" || Object.values(value).some(hasReference));
}

function ruleErrors(schema: JsonObject, path: string): readonly FieldError[] {
  return asArray(schema["x-kubernetes-validations"]).flatMap((item, index) => {
    const { rule, message, reason, fieldPath } = asObject(item);
    const at = (name: string): string => childPath(keyPath(path, index), name);
    return [
      ...expressionErrors(asString(rule), at("rule")),
      ...messageErrors(message, at("message")),
      ...(reason === undefined || REASONS.includes(asString(reason))
        ? []
        : [notSupported(at("reason"), reason, REASONS)]),
      ...(fieldPath === undefined || /^[.[]/.test(asString(fieldPath))
        ? []
        : [invalid(at("fieldPath"), fieldPath, "must be a valid path")]),
    ];
  });
}

function expressionErrors(rule: string, path: string): readonly FieldError[] {
  if (rule.trim() === "") return [required(path, "rule is not specified")];
  const problem = expressionProblem(rule);
  return problem ? [invalid(path, rule, `compilation failed: ${problem}`)] : [];
}

function messageErrors(message: Json | undefined, path: string): readonly FieldError[] {
  if (typeof message !== "string" || message === "") return [];
  if (message.trim() === "") return [invalid(path, message, "must be non-empty if specified")];
  if (!message.trim().includes("\n")) return [];
  return [invalid(path, message, "must not contain line breaks")];
}
