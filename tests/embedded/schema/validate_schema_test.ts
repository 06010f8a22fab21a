import assert from "node:assert/strict";

import { type Json, Schema, type SchemaSource } from "../../../lib/embedded/schema/mod.ts";
import { typeOf, validateSchema } from "../../../lib/embedded/schema/validate_schema.ts";
import { said } from "./_kinds.ts";

interface Case {
  readonly what: string;
  readonly schema: SchemaSource;
  readonly value: Json;
  readonly says: readonly string[];
}

/** Each value stands in the member `v`. */
const CASES: readonly Case[] = [
  {
    what: "names the type that is wanted and the one that is found",
    schema: { type: "integer" },
    value: "1",
    says: ['v: Invalid value: "string": v in body must be of type integer: "string"'],
  },
  { what: "takes an integer for a number", schema: { type: "number" }, value: 1, says: [] },
  {
    what: "does not take a fraction for an integer",
    schema: { type: "integer" },
    value: 1.5,
    says: ['v: Invalid value: "number": v in body must be of type integer: "number"'],
  },
  {
    what: "takes null only where it may stand",
    schema: {
      type: "object",
      properties: { a: { type: "string" }, b: { type: "string", nullable: true } },
    },
    value: { a: null, b: null },
    says: ['v.a: Invalid value: "null": v.a in body must be of type string: "null"'],
  },
  {
    what: "takes numbers and strings where both are right, and nothing else",
    schema: { type: "array", items: { "x-kubernetes-int-or-string": true } },
    value: [1, "50%", true],
    says: [
      'v[2]: Invalid value: "boolean": v[2] in body must be of type integer,string: "boolean"',
    ],
  },
  {
    what: "names the format in place of the type",
    schema: { type: "string", format: "date-time" },
    value: 1,
    says: ['v: Invalid value: "int64": v in body must be of type date-time: "int64"'],
  },
  {
    what: "checks the format",
    schema: { type: "string", format: "date-time" },
    value: "now",
    says: ['v: Invalid value: "now": v in body must be of type date-time: "now"'],
  },
  {
    what: "lists the values that there are",
    schema: { enum: ["main", 1] },
    value: "test",
    says: ['v: Unsupported value: "test": supported values: "main", "1"'],
  },
  {
    what: "checks the bounds of numbers",
    schema: { type: "array", items: { type: "number", minimum: 1, maximum: 9, multipleOf: 2 } },
    value: [0, 10, 3, 4],
    says: [
      "v[0]: Invalid value: 0: v[0] in body should be greater than or equal to 1",
      "v[1]: Invalid value: 10: v[1] in body should be less than or equal to 9",
      "v[2]: Invalid value: 3: v[2] in body should be a multiple of 2",
    ],
  },
  {
    what: "checks bounds that are themselves too much",
    schema: {
      type: "array",
      items: {
        type: "number",
        minimum: 1,
        exclusiveMinimum: true,
        maximum: 3,
        exclusiveMaximum: true,
      },
    },
    value: [1, 2, 3],
    says: [
      "v[0]: Invalid value: 1: v[0] in body should be greater than 1",
      "v[2]: Invalid value: 3: v[2] in body should be less than 3",
    ],
  },
  {
    what: "counts code points in texts",
    schema: { type: "array", items: { type: "string", minLength: 2, maxLength: 2 } },
    value: ["₿", "🟠🟠", "abc"],
    says: [
      'v[0]: Invalid value: "₿": v[0] in body should be at least 2 chars long',
      "v[2]: Too long: may not be more than 2 bytes",
    ],
  },
  {
    what: "matches patterns anywhere in a text",
    schema: { type: "array", items: { type: "string", pattern: "b+" } },
    value: ["abc", "ac"],
    says: ["v[1]: Invalid value: \"ac\": v[1] in body should match 'b+'"],
  },
  {
    what: "counts items, and finds those that are there twice",
    schema: { type: "array", minItems: 3, uniqueItems: true },
    value: [{ a: 1 }, { a: 1 }],
    says: [
      "v: Invalid value: 2: v in body should have at least 3 items",
      'v: Invalid value: "": v in body shouldn\'t contain duplicates',
    ],
  },
  {
    what: "refuses too many items and members",
    schema: {
      type: "object",
      properties: { a: { type: "array", maxItems: 1 }, b: { type: "object", maxProperties: 0 } },
    },
    value: { a: [1, 2], b: { c: 1 } },
    says: [
      "v.a: Too many: 2: must have at most 1 item",
      "v.b: Too many: 1: must have at most 0 items",
    ],
  },
  {
    what: "refuses too few members",
    schema: { type: "object", minProperties: 1 },
    value: {},
    says: ["v: Invalid value: 0: v in body should have at least 1 properties"],
  },
  {
    what: "misses members, after it has looked at those that are there",
    schema: { type: "object", required: ["a", "b"], properties: { b: { type: "string" } } },
    value: { b: 1 },
    says: [
      'v.b: Invalid value: "integer": v.b in body must be of type string: "integer"',
      "v.a: Required value",
    ],
  },
  {
    what: "looks into the values of maps",
    schema: { type: "object", additionalProperties: { type: "string" } },
    value: { k: 1 },
    says: ['v.k: Invalid value: "integer": v.k in body must be of type string: "integer"'],
  },
  {
    what: "wants one of several",
    schema: { anyOf: [{ type: "string" }, { type: "boolean" }] },
    value: 1,
    says: [
      '<nil>: Invalid value: "": "v" must validate at least one schema (anyOf)',
      'v: Invalid value: "integer": v in body must be of type string: "integer"',
    ],
  },
  {
    what: "wants exactly one of several",
    schema: { oneOf: [{ minimum: 1 }, { minimum: 2 }] },
    value: 2,
    says: [
      '<nil>: Invalid value: "": "v" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
  },
  {
    what: "wants all of several",
    schema: { allOf: [{ minimum: 1 }, { minimum: 2 }] },
    value: 1,
    says: [
      "v: Invalid value: 1: v in body should be greater than or equal to 2",
      '<nil>: Invalid value: "": "v" must validate all the schemas (allOf)',
    ],
  },
  {
    what: "wants something not to hold",
    schema: { not: { enum: ["a"] } },
    value: "a",
    says: ['<nil>: Invalid value: "": "v" must not validate the schema (not)'],
  },
];

function memberSchema(schema: SchemaSource): Schema {
  return new Schema({ type: "object", properties: { v: schema } });
}

for (const { what, schema, value, says } of CASES) {
  Deno.test(`validateSchema() ${what}`, () => {
    assert.deepEqual(said(validateSchema({ v: value }, memberSchema(schema))), says);
  });
}

Deno.test("validateSchema() lets stay what was wrong before", () => {
  for (const { schema, value } of CASES) {
    const old = { v: value };
    assert.deepEqual(validateSchema({ v: value }, memberSchema(schema), old), []);
  }
});

Deno.test("validateSchema() finds the old item of a list by its keys", () => {
  const schema = memberSchema({
    type: "array",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["k"],
    items: { type: "object", properties: { k: { type: "string" }, n: { maximum: 1 } } },
  });
  const old = { v: [{ k: "a", n: 5 }] };
  const moved = { v: [{ k: "b", n: 6 }, { k: "a", n: 5 }] };
  assert.deepEqual(said(validateSchema(moved, schema, old)), [
    "v[0].n: Invalid value: 6: v[0].n in body should be less than or equal to 1",
  ]);
});

Deno.test("validateSchema() names fields from the place of a part", () => {
  const schema = new Schema({ type: "object", properties: { n: { type: "string" } } });
  assert.deepEqual(said(validateSchema({ n: 1 }, schema, undefined, "status")), [
    'status.n: Invalid value: "integer": n in body must be of type string: "integer"',
  ]);
});

Deno.test("typeOf() names the type of a value as schemas do", () => {
  const values: readonly Json[] = [null, [], {}, "", true, 1, 1.5, 2 ** 63];
  assert.deepEqual(values.map(typeOf), [
    "null",
    "array",
    "object",
    "string",
    "boolean",
    "integer",
    "number",
    "number",
  ]);
});
