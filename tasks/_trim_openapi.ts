/** Cuts OpenAPI v3 documents of kube-apiserver down to what the embedded API server keeps of them. */

/** A JSON value; a member that is absent reads as undefined. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  /** Any member. */
  readonly [name: string]: Json | undefined;
}

const REF_PREFIX = "#/components/schemas/";

/** Kinds like DeleteOptions belong to every group there is; the embedded server does not need the list. */
const MOST_GROUPS = 3;

/**
 * The definitions that the kinds in `roots` reach, by name, in the order of their names.
 *
 * Descriptions are cut to their first sentence. `allOf` with one reference, which is how OpenAPI 3.0 adds a description to
 * a reference, becomes a plain `$ref` beside it, and references are names without their path.
 *
 * @throws {RangeError} if a definition is missing
 */
export function trimDefinitions(
  definitions: ReadonlyMap<string, JsonObject>,
  roots: readonly string[],
): Readonly<Record<string, Json>> {
  const kept = new Map<string, Json>();
  const wanted = [...roots];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (kept.has(name)) continue;
    const definition = definitions.get(name);
    if (!definition) throw new RangeError(`Cannot keep definition '${name}': no document has it`);
    kept.set(name, trimSchema(definition, (reference) => wanted.push(reference)));
  }
  return Object.fromEntries([...kept].sort(([a], [b]) => a < b ? -1 : 1));
}

function trimSchema(schema: JsonObject, onReference: (name: string) => void): JsonObject {
  const trimmed: Record<string, Json> = {};
  for (const [keyword, value] of Object.entries(inlineReference(schema))) {
    if (value === undefined) continue;
    if (keyword === "description" && typeof value === "string") {
      trimmed[keyword] = firstSentence(value);
    } else if (keyword === "$ref" && typeof value === "string") {
      trimmed[keyword] = value.slice(REF_PREFIX.length);
      onReference(value.slice(REF_PREFIX.length));
    } else if (keyword === "properties" && isObject(value)) {
      trimmed[keyword] = trimProperties(value, onReference);
    } else if (isObject(value) && keyword !== "default") {
      trimmed[keyword] = trimSchema(value, onReference);
    } else if (isSchemaList(keyword, value)) {
      trimmed[keyword] = value.map((item) => isObject(item) ? trimSchema(item, onReference) : item);
    } else if (!isLongKindList(keyword, value)) trimmed[keyword] = value;
  }
  return trimmed;
}

function trimProperties(properties: JsonObject, onReference: (name: string) => void): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      isObject(schema) ? trimSchema(schema, onReference) : schema,
    ]),
  );
}

function inlineReference(schema: JsonObject): JsonObject {
  const { allOf, ...rest } = schema;
  const [only, ...others] = Array.isArray(allOf) ? allOf : [];
  return isObject(only) && others.length === 0 && only.$ref ? { ...rest, ...only } : schema;
}

function isSchemaList(keyword: string, value: Json): value is readonly Json[] {
  return Array.isArray(value) && ["allOf", "anyOf", "oneOf"].includes(keyword);
}

function isLongKindList(keyword: string, value: Json): boolean {
  return keyword === "x-kubernetes-group-version-kind" && Array.isArray(value) &&
    value.length > MOST_GROUPS;
}

/** The text up to the first full stop that ends a sentence, or the first line. */
export function firstSentence(text: string): string {
  const [line = ""] = text.trim().split("\n");
  const end = line.search(/(?<!\b(?:e\.g|i\.e|etc|vs))\.(?=\s)/);
  return (end < 0 ? line : line.slice(0, end + 1)).trim();
}

/** Whether a value is an object, and neither null nor an array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
