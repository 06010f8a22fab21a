import assert from "node:assert/strict";

import fc from "fast-check";

import { structuralDefaults } from "../../../lib/embedded/schema/defaults_structural.ts";
import {
  customKind,
  type Json,
  type JsonObject,
  Schema,
  type SchemaSource,
} from "../../../lib/embedded/schema/mod.ts";
import { thing, thingDefinition } from "./_kinds.ts";

interface Case {
  readonly what: string;
  readonly schema: Readonly<Record<string, SchemaSource>>;
  readonly given: JsonObject;
  readonly filled: JsonObject;
}

const CASES: readonly Case[] = [
  {
    what: "fills in what is absent, and nothing else",
    schema: { a: { type: "integer", default: 1 }, b: { type: "integer", default: 2 } },
    given: { b: 0 },
    filled: { b: 0, a: 1 },
  },
  {
    what: "does not make an object only because its members have defaults",
    schema: { a: { type: "object", properties: { b: { default: 1 } } } },
    given: {},
    filled: {},
  },
  {
    what: "fills in a default that is itself incomplete",
    schema: { a: { type: "object", default: {}, properties: { b: { default: 1 } } } },
    given: {},
    filled: { a: { b: 1 } },
  },
  {
    what: "fills in the items of lists and the values of maps",
    schema: {
      list: { type: "array", items: { type: "object", properties: { b: { default: 1 } } } },
      map: {
        type: "object",
        additionalProperties: { type: "object", properties: { b: { default: 2 } } },
      },
    },
    given: { list: [{}, { b: 0 }], map: { k: {} } },
    filled: { list: [{ b: 1 }, { b: 0 }], map: { k: { b: 2 } } },
  },
  {
    what: "takes null for absent where it means nothing",
    schema: {
      a: { type: "string", default: "x" },
      b: { type: "string", default: "y", nullable: true },
    },
    given: { a: null, b: null },
    filled: { a: "x", b: null },
  },
  {
    what: "fills in a null item of a list",
    schema: { list: { type: "array", items: { type: "string", default: "x" } } },
    given: { list: [null, "y"] },
    filled: { list: ["x", "y"] },
  },
];

function schemaOf(properties: Readonly<Record<string, SchemaSource>>): Schema {
  return new Schema({ type: "object", properties });
}

for (const { what, schema, given, filled } of CASES) {
  Deno.test(`structuralDefaults() ${what}`, () => {
    assert.deepEqual(structuralDefaults(given, schemaOf(schema)), filled);
  });
}

Deno.test("structuralDefaults() returns the very object when nothing is missing", () => {
  for (const { schema, filled } of CASES) {
    assert.equal(structuralDefaults(filled, schemaOf(schema)), filled);
  }
});

Deno.test("structuralDefaults() leaves metadata alone", () => {
  const { root } = customKind(thingDefinition({}), "v1");
  const object = thing({}, { metadata: { name: "a", ownerReferences: [{ name: "o" }] } });
  assert.equal(structuralDefaults(object, root), object);
});

Deno.test("structuralDefaults() has nothing to do a second time", () => {
  const schema = schemaOf({
    a: { type: "object", default: {}, properties: { b: { default: [1] }, c: { nullable: true } } },
    d: { type: "array", items: { type: "object", properties: { b: { default: "x" } } } },
  });
  const name = fc.constantFrom("a", "b", "c", "d");
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(null, 1),
      fc.array(tie("value"), { maxLength: 2 }),
      fc.dictionary(name, tie("value"), { maxKeys: 3 }),
    ),
  }));
  fc.assert(fc.property(fc.dictionary(name, value), (random) => {
    const once = structuralDefaults(random, schema);
    assert.equal(structuralDefaults(once, schema), once);
  }));
});
