import assert from "node:assert/strict";

import type { JsonObject } from "../../../lib/embedded/schema/mod.ts";
import { validateCollectionTypes } from "../../../lib/embedded/schema/validate_collections.ts";
import { said } from "./_kinds.ts";

const ITEM = { type: "object", required: ["k"], properties: { k: { type: "string" } } };
const TEXT = { type: "string" };

function list(type: string | undefined, items: JsonObject, ...keys: readonly string[]): JsonObject {
  return {
    type: "array",
    items,
    ...(type ? { "x-kubernetes-list-type": type } : {}),
    ...(keys.length > 0 ? { "x-kubernetes-list-map-keys": keys } : {}),
  };
}

/** Schemas as a real API server judges them. */
const CASES: readonly (readonly [what: string, schema: JsonObject, says: readonly string[]])[] = [
  ["is content with keys that are required", list("map", ITEM, "k"), []],
  ["is content with a set of texts", list("set", TEXT), []],
  ["wants keys", list("map", ITEM), [
    "s.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map",
  ]],
  ["wants keys that there are", list("map", ITEM, "z"), [
    's.x-kubernetes-list-map-keys: Invalid value: ["z"]: entries must all be names of item properties',
  ]],
  ["wants keys once", list("map", ITEM, "k", "k"), [
    's.x-kubernetes-list-map-keys: Invalid value: ["k","k"]: must not contain duplicate entries',
  ]],
  ["wants keys that are never absent", list("map", { ...ITEM, required: [] }, "k"), [
    "s.items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
  ]],
  ["wants objects where there are keys", list("map", TEXT, "k"), [
    's.items.type: Invalid value: "string": must be object if parent array\'s x-kubernetes-list-type is map',
  ]],
  ["wants keys to be of use", list(undefined, ITEM, "k"), [
    "s.x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty",
  ]],
  ["wants objects in a set to be owned as one", list("set", ITEM), [
    "s.items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set",
  ]],
  ["refuses an unknown type of list", list("bag", TEXT), [
    's.x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"',
  ]],
  ["refuses a type of list for what is none", { ...TEXT, "x-kubernetes-list-type": "set" }, [
    's.type: Invalid value: "string": must be array if x-kubernetes-list-type is specified',
  ]],
  ["refuses an unknown type of map", { type: "object", "x-kubernetes-map-type": "odd" }, [
    's.x-kubernetes-map-type: Unsupported value: "odd": supported values: "atomic", "granular"',
  ]],
  ["refuses a type of map for what is none", { ...TEXT, "x-kubernetes-map-type": "atomic" }, [
    's.type: Invalid value: "string": must be object if x-kubernetes-map-type is specified',
  ]],
  [
    "refuses to say that unknown fields are not preserved",
    { type: "object", "x-kubernetes-preserve-unknown-fields": false },
    ["s.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined"],
  ],
  [
    "wants an embedded object to be one with something in it",
    { ...TEXT, "x-kubernetes-embedded-resource": true },
    [
      "s.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      's.type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true',
    ],
  ],
];

for (const [what, schema, says] of CASES) {
  Deno.test(`validateCollectionTypes() ${what}`, () => {
    assert.deepEqual(said(validateCollectionTypes(schema, "s")), says);
  });
}
