import assert from "node:assert/strict";

import { type Json, Schema, type SchemaSource } from "../../../lib/embedded/schema/mod.ts";
import { validateEmbedded, validateUnique } from "../../../lib/embedded/schema/validate_lists.ts";
import { said } from "./_kinds.ts";

function schemaOf(v: SchemaSource): Schema {
  return new Schema({ type: "object", properties: { v } });
}

const KEYED: SchemaSource = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name", "port"],
  items: {
    type: "object",
    properties: { tags: { type: "array", "x-kubernetes-list-type": "set" } },
  },
};
const SET: SchemaSource = { type: "array", "x-kubernetes-list-type": "set" };

const UNIQUE: readonly (readonly [
  what: string,
  schema: SchemaSource,
  value: Json,
  says: readonly string[],
])[] = [
  ["lets a plain list repeat itself", { type: "array" }, ["a", "a"], []],
  ["names the second of the same items of a set", SET, ["a", "b", "a", "a"], [
    'v[2]: Duplicate value: "a"',
  ]],
  ["tells apart objects in a set by all that they have", SET, [{ a: 1 }, { a: 2 }, { a: 1 }], [
    'v[2]: Duplicate value: {"a":1}',
  ]],
  [
    "tells apart items by all of their keys",
    KEYED,
    [{ name: "a", port: 1 }, { name: "a" }, { name: "a", port: 2 }, { name: "a", x: 1 }],
    ['v[3]: Duplicate value: {"name":"a"}'],
  ],
  ["wants objects where there are keys", KEYED, ["a"], [
    'v[0]: Invalid value: "a": must be an object for an array of list-type map',
  ]],
  ["looks into items", KEYED, [{ name: "a", tags: ["t", "t"] }], [
    'v[0].tags[1]: Duplicate value: "t"',
  ]],
  [
    "looks into maps",
    { type: "object", additionalProperties: SET },
    { k: ["a", "a"] },
    ['v[k][1]: Duplicate value: "a"'],
  ],
];

for (const [what, schema, value, says] of UNIQUE) {
  Deno.test(`validateUnique() ${what}`, () => {
    assert.deepEqual(said(validateUnique({ v: value }, schemaOf(schema))), says);
  });
}

const EMBEDDED: readonly (readonly [what: string, value: Json, says: readonly string[]])[] = [
  ["is content with a whole object", { apiVersion: "v1", kind: "Pod", metadata: {} }, []],
  ["wants an apiVersion and a kind", {}, [
    "v.apiVersion: Required value",
    "v.kind: Required value",
  ]],
  ["wants them to be texts with something in them", { apiVersion: 1, kind: "" }, [
    "v.apiVersion: Invalid value: 1: must be a string",
    'v.kind: Invalid value: "": must not be empty',
  ]],
  ["checks the metadata", { apiVersion: "v1", kind: "Pod", metadata: { name: "a/b" } }, [
    "v.metadata.name: Invalid value: \"a/b\": may not contain '/'",
  ]],
];

for (const [what, value, says] of EMBEDDED) {
  Deno.test(`validateEmbedded() ${what}`, () => {
    const schema = schemaOf({ type: "object", "x-kubernetes-embedded-resource": true });
    assert.deepEqual(said(validateEmbedded({ v: value }, schema)), says);
  });
}
