/** The schemas in an OpenAPI v3 document. */

import { KUBERNETES_DEFINITIONS } from "./builtin.ts";
import {
  asArray,
  asString,
  entriesOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from "./json.ts";
import type { KindSchema } from "./kind.ts";
import type { OpenApiResource } from "./openapi.ts";
import type { SchemaSource } from "./schema.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const REF_PREFIX = "#/components/schemas/";

/** Schemas that paths refer to, whatever the kinds are. */
const SHARED = ["DeleteOptions", "ListMeta", "Patch", "Status"].map((name) => `${META}.${name}`);

/** Name of the schema of a kind: `io.k8s.api.core.v1.Pod`; for custom kinds, their group backwards, version and kind. */
export function schemaName({ group, version, kind, root }: KindSchema): string {
  return root.definition ?? [...group.split(".").reverse(), version, kind].join(".");
}

/** A reference to a schema by its name. */
export function reference(name: string): JsonObject {
  return { $ref: REF_PREFIX + name };
}

/** The schemas of the kinds of some resources and of their lists, and all that they refer to, by name. */
export function openApiSchemas(resources: readonly OpenApiResource[]): JsonObject {
  const schemas = new Map<string, JsonObject>();
  const wanted = new Set<string>(SHARED);
  const add = (name: string, source: JsonObject): void => {
    schemas.set(name, publish(source, wanted));
  };
  for (const { kind, plural, verbs, subresources } of resources) {
    for (const { kind: other } of subresources) if (other) wanted.add(schemaName(other));
    if (kind.root.definition) wanted.add(kind.root.definition);
    else add(schemaName(kind), customSource(kind));
    if (verbs.includes("list")) add(`${schemaName(kind)}List`, listSource(kind, plural));
  }
  // What is added while this runs comes later: sets are iterated in the order of insertion.
  for (const name of wanted) {
    const definition = KUBERNETES_DEFINITIONS[name];
    // An interface without an index signature is no JsonObject to TypeScript, though schemas are JSON.
    if (definition && !schemas.has(name)) add(name, definition as JsonObject);
  }
  return Object.fromEntries([...schemas].sort(([a], [b]) => a < b ? -1 : 1));
}

function customSource(kind: KindSchema): JsonObject {
  return { ...sourceOf(kind), "x-kubernetes-group-version-kind": [kindOf(kind)] };
}

function sourceOf({ root }: KindSchema): JsonObject {
  const source: SchemaSource = root.source;
  // See above.
  return source as JsonObject;
}

function listSource(kind: KindSchema, plural: string): JsonObject {
  const list = { ...kind, kind: `${kind.kind}List` };
  const conventions =
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
  const { apiVersion = {}, kind: kindField = {} } = kind.root.source.properties ?? {};
  return {
    description: `${list.kind} is a list of ${kind.kind}`,
    type: "object",
    required: ["items"],
    properties: {
      // See above.
      apiVersion: apiVersion as JsonObject,
      items: {
        description: `List of ${plural}. More info: ${conventions}`,
        type: "array",
        items: { $ref: schemaName(kind) },
      },
      kind: kindField as JsonObject,
      metadata: {
        description: `Standard list metadata. More info: ${conventions}#types-kinds`,
        $ref: `${META}.ListMeta`,
      },
    },
    "x-kubernetes-group-version-kind": [kindOf(list)],
  };
}

function kindOf(
  { group, version, kind }: Pick<KindSchema, "group" | "version" | "kind">,
): JsonObject {
  return { group, kind, version };
}

/** Rewrites references as OpenAPI 3.0 has them, where nothing may stand beside one, and notes which there are. */
function publish(schema: JsonObject, referenced: Set<string>): JsonObject {
  const { $ref, ...rest } = schema;
  const published = Object.fromEntries(
    entriesOf(rest).map((
      [keyword, value],
    ) => [keyword, publishKeyword(keyword, value, referenced)]),
  );
  if (typeof $ref !== "string") return published;
  referenced.add($ref);
  const isAlone = Object.keys(rest).length === 0;
  return isAlone ? reference($ref) : { ...published, allOf: [reference($ref)] };
}

function publishKeyword(keyword: string, value: Json, referenced: Set<string>): Json {
  switch (keyword) {
    case "properties":
      return isObject(value)
        ? Object.fromEntries(
          entriesOf(value).map(([name, schema]) => [name, publishAny(schema, referenced)]),
        )
        : value;
    case "items":
    case "additionalProperties":
    case "not":
      return publishAny(value, referenced);
    case "allOf":
    case "anyOf":
    case "oneOf":
      return asArray(value).map((part) => publishAny(part, referenced));
    case "required":
      return isArray(value) ? value.map(asString) : value;
    default:
      return value;
  }
}

function publishAny(schema: Json, referenced: Set<string>): Json {
  return isObject(schema) ? publish(schema, referenced) : schema;
}
