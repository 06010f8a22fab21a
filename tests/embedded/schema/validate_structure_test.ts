import assert from "node:assert/strict";

import type { JsonObject } from "../../../lib/embedded/schema/mod.ts";
import { validateStructure } from "../../../lib/embedded/schema/validate_structure.ts";
import { said } from "./_kinds.ts";

const TYPES = '"array", "boolean", "integer", "number", "object", "string"';

/** Schemas of a property `a`, as a real API server judges them. */
const PROPERTIES: readonly (readonly [
  what: string,
  schema: JsonObject,
  says: readonly string[],
])[] = [
  ["is content with a type", { type: "string" }, []],
  ["is content with numbers or strings", {
    "x-kubernetes-int-or-string": true,
    anyOf: [{ type: "integer" }, { type: "string" }],
  }, []],
  ["is content with anything", { "x-kubernetes-preserve-unknown-fields": true }, []],
  ["wants a type", {}, [".type: Required value: must not be empty for specified object fields"]],
  ["wants a type of items", { type: "array", items: {} }, [
    ".items.type: Required value: must not be empty for specified array items",
  ]],
  ["wants a type that there is", { type: "text" }, [
    `.type: Unsupported value: "text": supported values: ${TYPES}`,
  ]],
  ["says what takes the place of the type null", { type: "null" }, [
    `.type: Unsupported value: "null": supported values: ${TYPES}`,
    ".type: Forbidden: type cannot be set to null, use nullable as an alternative",
  ]],
  ["wants items of a list", { type: "array" }, [".items: Required value: must be specified"]],
  ["refuses several schemas of items", { type: "array", items: [{ type: "string" }] }, [
    ".items: Forbidden: items must be a schema object and not an array",
  ]],
  [
    "refuses fields and a map in one",
    { type: "object", properties: {}, additionalProperties: { type: "string" } },
    [
      ".additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive",
    ],
  ],
  ["refuses references", { type: "object", $ref: "#/definitions/b" }, [
    ".$ref: Forbidden: $ref is not supported",
  ]],
  ["refuses items that nobody compares", {
    type: "array",
    items: { type: "string" },
    uniqueItems: true,
  }, [
    ".uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
  ]],
  ["refuses types in alternatives", {
    type: "object",
    anyOf: [{}, { type: "string" }],
    not: { type: "array" },
  }, [
    ".anyOf[1].type: Forbidden: must be empty to be structural",
    ".not.type: Forbidden: must be empty to be structural",
  ]],
  ["is content with a default that fits", { type: "integer", default: 1 }, []],
  ["takes null for no default", { type: "string", default: null }, []],
  ["refuses a default that does not fit", { type: "integer", maximum: 0, default: 1 }, [
    ".default: Invalid value: 1:  in body should be less than or equal to 0",
  ]],
  [
    "refuses a default that breaks a rule",
    { type: "integer", default: 1, "x-kubernetes-validations": [{ rule: "self > 1" }] },
    ['.default: Invalid value: "integer": failed rule: self > 1'],
  ],
  [
    "refuses a default with unknown fields",
    { type: "object", properties: { b: { type: "integer" } }, default: { b: 1, c: 2 } },
    ['.default: Invalid value: {"b":1,"c":2}: must not have unknown fields'],
  ],
  [
    "fills in a default before it is judged",
    {
      type: "object",
      required: ["b"],
      properties: { b: { type: "integer", default: 1 } },
      default: {},
    },
    [],
  ],
  [
    "refuses an incomplete default",
    { type: "object", required: ["b"], properties: { b: { type: "integer" } }, default: {} },
    [".default.b: Required value"],
  ],
  [
    "refuses rules that cannot be told",
    {
      type: "string",
      "x-kubernetes-validations": [
        { rule: "true", message: "a\nb" },
        { rule: "true", message: " " },
        { rule: "true", reason: "Odd" },
        { rule: "true", fieldPath: "a" },
        { rule: " " },
      ],
    },
    [
      '.x-kubernetes-validations[0].message: Invalid value: "a\\nb": must not contain line breaks',
      '.x-kubernetes-validations[1].message: Invalid value: " ": must be non-empty if specified',
      '.x-kubernetes-validations[2].reason: Unsupported value: "Odd": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
      '.x-kubernetes-validations[3].fieldPath: Invalid value: "a": must be a valid path',
      ".x-kubernetes-validations[4].rule: Required value: rule is not specified",
    ],
  ],
];

for (const [what, schema, says] of PROPERTIES) {
  Deno.test(`validateStructure() ${what}`, () => {
    const root = { type: "object", properties: { a: schema } };
    assert.deepEqual(
      said(validateStructure(root, "s")),
      says.map((text) => `s.properties[a]${text}`),
    );
  });
}

Deno.test("validateStructure() refuses rules that cannot be read", () => {
  const root = { type: "object", "x-kubernetes-validations": [{ rule: "self." }] };
  const [only, ...others] = said(validateStructure(root, "s"));
  assert.match(
    only ?? "",
    /^s\.x-kubernetes-validations\[0\]\.rule: Invalid value: "self\.": compilation failed: /,
  );
  assert.deepEqual(others, []);
});

const ROOTS: readonly (readonly [what: string, schema: JsonObject, says: readonly string[]])[] = [
  ["wants an object", { type: "string" }, [
    's.type: Invalid value: "string": must be object at the root',
  ]],
  ["wants to be told so", {}, ["s.type: Required value: must not be empty at the root"]],
  ["refuses a map", { type: "object", additionalProperties: { type: "string" } }, [
    "s.additionalProperties: Forbidden: must not be used at the root",
  ]],
  ["refuses null", { type: "object", nullable: true }, [
    "s.nullable: Forbidden: nullable cannot be true at the root",
  ]],
  ["knows what apiVersion is", {
    type: "object",
    properties: { apiVersion: { type: "integer" } },
  }, ['s.properties[apiVersion].type: Invalid value: "integer": must be string']],
  ["lets the name be narrowed", {
    type: "object",
    properties: {
      metadata: { type: "object", properties: { name: { type: "string", maxLength: 3 } } },
    },
  }, []],
  ["lets nothing else of the metadata be narrowed", {
    type: "object",
    properties: {
      metadata: { type: "object", properties: { labels: { type: "object" } } },
    },
  }, [
    "s.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified",
  ]],
];

for (const [what, schema, says] of ROOTS) {
  Deno.test(`validateStructure() at the root ${what}`, () => {
    assert.deepEqual(said(validateStructure(schema, "s")), says);
  });
}
