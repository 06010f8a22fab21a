import assert from "node:assert/strict";

import { type CelValue, celValue, fieldName } from "../../../lib/embedded/schema/cel_values.ts";
import { type Json, Schema, type SchemaSource } from "../../../lib/embedded/schema/mod.ts";

const CASES: readonly (readonly [
  what: string,
  schema: SchemaSource,
  value: Json,
  made: CelValue,
])[] = [
  ["an integer", { type: "integer" }, 1, 1n],
  ["a whole number that could be another", { type: "number" }, 1, 1],
  ["a fraction", { type: "number" }, 1.5, 1.5],
  ["a number of which nothing is known", {}, 1, 1n],
  ["null", { nullable: true }, null, null],
  [
    "a time",
    { type: "string", format: "date-time" },
    "2026-01-01T00:00:00Z",
    new Date("2026-01-01T00:00:00Z"),
  ],
  ["bytes", { type: "string", format: "byte" }, "AQI=", new Uint8Array([1, 2])],
  ["a list", { type: "array", items: { type: "integer" } }, [1], [1n]],
  [
    "an object, of which only the known fields are there",
    { type: "object", properties: { a: { type: "string" } } },
    { a: "b", c: "d" },
    { a: "b" },
  ],
  [
    "an object with fields whose names have to be escaped",
    { type: "object", properties: { "a-b": {}, in: {} } },
    { "a-b": "x", in: "y" },
    { a__dash__b: "x", __in__: "y" },
  ],
  [
    "a map, whose keys are never escaped",
    { type: "object", additionalProperties: {} },
    { "a-b": "x" },
    { "a-b": "x" },
  ],
];

for (const [what, schema, value, made] of CASES) {
  Deno.test(`celValue() makes ${what}`, () => {
    assert.deepEqual(celValue(value, new Schema(schema), false), made);
  });
}

Deno.test("celValue() makes a span of time, whatever that is to the language", () => {
  const schema = new Schema({ type: "string", format: "duration" });
  assert.equal(typeof celValue("1m30s", schema, false), "object");
  assert.equal(celValue("soon", schema, false), "soon");
});

Deno.test("celValue() of a whole object has its type and its name", () => {
  const schema = new Schema({ type: "object", properties: { spec: { type: "integer" } } });
  const object = {
    apiVersion: "v1",
    kind: "A",
    metadata: { name: "n", generateName: "g", namespace: "x" },
    spec: 1,
  };
  assert.deepEqual(celValue(object, schema, true), {
    apiVersion: "v1",
    kind: "A",
    metadata: { name: "n", generateName: "g" },
    spec: 1n,
  });
});

Deno.test("celValue() of an embedded object has its type and its name", () => {
  const schema = new Schema({
    type: "object",
    properties: { inner: { type: "object", "x-kubernetes-embedded-resource": true } },
  });
  const inner = { apiVersion: "v1", kind: "A", metadata: { name: "n", namespace: "x" } };
  assert.deepEqual(celValue({ inner }, schema, false), {
    inner: { apiVersion: "v1", kind: "A", metadata: { name: "n" } },
  });
});

Deno.test("fieldName() escapes what cannot be written", () => {
  const names = ["a", "in", "a__b", "a.b", "a-b", "a/b"];
  assert.deepEqual(names.map(fieldName), [
    "a",
    "__in__",
    "a__underscores__b",
    "a__dot__b",
    "a__dash__b",
    "a__slash__b",
  ]);
});
