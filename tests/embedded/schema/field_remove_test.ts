import assert from "node:assert/strict";

import { fieldSetOf, pathsOf } from "../../../lib/embedded/schema/field_set.ts";
import { fieldsOf } from "../../../lib/embedded/schema/field_walk.ts";
import { removeFields, withNamedFields } from "../../../lib/embedded/schema/field_remove.ts";
import { type JsonObject, Schema } from "../../../lib/embedded/schema/mod.ts";

const schema = new Schema({
  type: "object",
  properties: {
    struct: { type: "object", properties: { a: { type: "integer" }, b: { type: "integer" } } },
    map: { type: "object", additionalProperties: { type: "string" } },
    list: { type: "array" },
    keyed: {
      type: "array",
      items: { type: "object", properties: { n: { type: "integer" } } },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
  },
});

const OBJECT: JsonObject = {
  struct: { a: 1, b: 2 },
  map: { k: "v" },
  list: [1],
  keyed: [{ name: "a", n: 1 }, { name: "b", n: 2 }],
};

const CASES: readonly (readonly [what: string, path: readonly string[], changed: JsonObject])[] = [
  ["a field", ["f:struct", "f:a"], { struct: { b: 2 } }],
  ["a field with all that is in it", ["f:struct"], { struct: undefined }],
  ["the last entry of a map, and leaves null", ["f:map", "f:k"], { map: null }],
  ["an item", ["f:keyed", 'k:{"name":"a"}'], { keyed: [{ name: "b", n: 2 }] }],
  ["a field of an item", ["f:keyed", 'k:{"name":"a"}', "f:n"], {
    keyed: [{ name: "a" }, { name: "b", n: 2 }],
  }],
  ["nothing that is not there", ["f:struct", "f:c"], {}],
];

for (const [what, path, changed] of CASES) {
  Deno.test(`removeFields() removes ${what}`, () => {
    const rest = removeFields(OBJECT, fieldSetOf(path), schema);
    const expected = Object.entries({ ...OBJECT, ...changed }).filter(([, value]) =>
      value !== undefined
    );
    assert.deepEqual(rest, Object.fromEntries(expected));
  });
}

Deno.test("removeFields() leaves an empty object when all fields go", () => {
  assert.deepEqual(
    removeFields(OBJECT, withNamedFields(fieldsOf(OBJECT, schema), schema), schema),
    {},
  );
});

Deno.test("withNamedFields() adds the fields that something is below of", () => {
  const set = withNamedFields(
    fieldSetOf(["f:keyed", 'k:{"name":"a"}', "f:n"], ["f:map", "f:k"]),
    schema,
  );
  assert.deepEqual(pathsOf(set), [
    ["f:keyed"],
    ["f:map"],
    ["f:keyed", 'k:{"name":"a"}', "f:n"],
    ["f:map", "f:k"],
  ]);
});
