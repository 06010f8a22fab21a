/** What a schema limits, and the words in which an API server refuses what is beyond: to see that cases name all of it. */

import type { Json, SchemaSource, ValidationRule } from "../../lib/embedded/schema/mod.ts";

/** Something that a schema does not let through. */
export interface Limit {
  /** Which, with the path of its field: `spec.nodes: maximum 100`. */
  readonly what: string;
  /** The cause that an API server gives. */
  readonly says: RegExp;
}

/** What a field says that limits nothing, or nothing but the type. */
const NO_LIMITS = [
  "type",
  "description",
  "default",
  "nullable",
  "properties",
  "items",
  "x-kubernetes-list-type",
];

/**
 * All limits of a schema and of what is in it.
 *
 * @throws {RangeError} The schema has a keyword that is not known here.
 */
export function limitsOf(schema: SchemaSource, path = ""): readonly Limit[] {
  const limit = (what: string, says: string): Limit => ({
    what: `${path || "the object"}: ${what}`,
    says: new RegExp(`^${says}$`),
  });
  const own = Object.keys(schema).filter((key) => !NO_LIMITS.includes(key))
    .flatMap((key) =>
      causes(key, schema, path).map(([value, says]) => limit(`${key} ${value}`, says))
    );
  const properties = Object.entries(schema.properties ?? {})
    .flatMap(([name, property]) => limitsOf(property, path ? `${path}.${name}` : name));
  const items = schema.items ? limitsOf(schema.items, `${path}[]`) : [];
  return [...own, ...properties, ...items];
}

/** What a keyword limits: the value, and a pattern of the cause. */
function causes(
  keyword: string,
  schema: SchemaSource,
  path: string,
): readonly (readonly [value: string, says: string])[] {
  const field = fieldPattern(path);
  // as: each keyword of a schema has a value.
  const value = schema[keyword as keyof SchemaSource] as Json;
  const one = (says: string): readonly [string, string][] => [[String(value), `${field}: ${says}`]];
  const inBody = (says: string): readonly [string, string][] =>
    one(`Invalid value: \\S+: \\S+ in body should ${says}`);
  switch (keyword) {
    case "minimum":
      return inBody(`be greater than or equal to ${value}`);
    case "maximum":
      return inBody(`be less than or equal to ${value}`);
    case "minLength":
      return inBody(`be at least ${value} chars long`);
    case "maxLength":
      return one(`Too long: may not be more than ${value} bytes`);
    case "pattern":
      return inBody(`match '${RegExp.escape(String(value))}'`);
    case "minItems":
      return inBody(`have at least ${value} items`);
    case "maxItems":
      return one(`Too many: \\d+: must have at most ${value} items`);
    case "enum": {
      const all = (schema.enum ?? []).map((allowed) => RegExp.escape(JSON.stringify(allowed)));
      return one(`Unsupported value: \\S+: supported values: ${all.join(", ")}`);
    }
    case "required":
      return (schema.required ?? []).map((name) => [
        name,
        `${fieldPattern(path ? `${path}.${name}` : name)}: Required value`,
      ]);
    case "format":
      // An API server knows no formats of numbers.
      return schema.type === "string" ? one(`.* must be of type ${value}: \\S+`) : [];
    case "x-kubernetes-list-map-keys":
      return [[String(value), `${field}\\[\\d+\\]: Duplicate value: .*`]];
    case "x-kubernetes-validations":
      return (schema["x-kubernetes-validations"] ?? []).map((rule) => ruleCause(rule, path));
    default:
      throw new RangeError(`Cannot tell what '${keyword}' limits: it is not known`);
  }
}

function ruleCause(
  { message = "", fieldPath = "", reason }: ValidationRule,
  path: string,
): readonly [value: string, says: string] {
  const kinds: Readonly<Record<string, string>> = {
    FieldValueForbidden: "Forbidden",
    FieldValueRequired: "Required value",
  };
  const kind = kinds[reason ?? ""] ?? 'Invalid value: "object"';
  return [`'${message}'`, `${fieldPattern(path + fieldPath)}: ${kind}: ${RegExp.escape(message)}`];
}

/** A pattern of the paths of a field, whichever item it is in. */
function fieldPattern(path: string): string {
  return path ? path.split("[]").map((part) => RegExp.escape(part)).join("\\[\\d+\\]") : "<nil>";
}
