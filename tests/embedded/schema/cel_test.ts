import assert from "node:assert/strict";

import { hasRules, validateRules } from "../../../lib/embedded/schema/cel.ts";
import {
  type Json,
  type JsonObject,
  Schema,
  type SchemaSource,
  type ValidationRule,
} from "../../../lib/embedded/schema/mod.ts";
import { said } from "./_kinds.ts";

function withRule(source: SchemaSource, ...rules: readonly ValidationRule[]): SchemaSource {
  return { ...source, "x-kubernetes-validations": rules };
}

function schemaOf(v: SchemaSource): Schema {
  return new Schema({ type: "object", properties: { v } });
}

interface Case {
  readonly what: string;
  readonly schema: SchemaSource;
  readonly value: Json;
  readonly old?: Json;
  readonly says: readonly string[];
}

const INTEGER: SchemaSource = { type: "integer" };
const PAIR: SchemaSource = { type: "object", properties: { a: INTEGER, b: INTEGER } };
const KEYED: SchemaSource = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["k"],
};
const ITEM: SchemaSource = { type: "object", properties: { k: { type: "string" }, n: INTEGER } };

const CASES: readonly Case[] = [
  {
    what: "is content when a rule holds",
    schema: withRule(INTEGER, { rule: "self > 1" }),
    value: 2,
    says: [],
  },
  {
    what: "shows the rule when there is no message",
    schema: withRule(INTEGER, { rule: "self > 1" }),
    value: 1,
    says: ['v: Invalid value: "integer": failed rule: self > 1'],
  },
  {
    what: "says the message",
    schema: withRule(INTEGER, { rule: "self > 1", message: " too small " }),
    value: 1,
    says: ['v: Invalid value: "integer": too small'],
  },
  {
    what: "makes the message, and falls back to the plain one",
    schema: withRule(
      INTEGER,
      { rule: "self > 1", messageExpression: "'not ' + string(self)" },
      { rule: "self > 2", message: "plain", messageExpression: "'' + ''" },
      { rule: "self > 3", messageExpression: "string(1 / 0)" },
    ),
    value: 1,
    says: [
      'v: Invalid value: "integer": not 1',
      'v: Invalid value: "integer": plain',
      'v: Invalid value: "integer": failed rule: self > 3',
    ],
  },
  {
    what: "blames the field that a rule names, with the reason that it gives",
    schema: withRule(
      PAIR,
      { rule: "self.a < self.b", message: "m", fieldPath: ".b", reason: "FieldValueForbidden" },
      { rule: "self.a < self.b", message: "m", fieldPath: ".b", reason: "FieldValueRequired" },
      { rule: "self.a < self.b", message: "m", reason: "FieldValueDuplicate" },
    ),
    value: { a: 1, b: 1 },
    says: [
      "v.b: Forbidden: m",
      "v.b: Required value: m",
      'v: Duplicate value: "object"',
    ],
  },
  {
    what: "blames the key of a map",
    schema: withRule(
      { type: "object", additionalProperties: INTEGER },
      { rule: "false", message: "m", fieldPath: "['a.b']" },
    ),
    value: {},
    says: ['v[a.b]: Invalid value: "object": m'],
  },
  {
    what: "visits items of lists and values of maps",
    schema: {
      type: "object",
      properties: {
        list: { type: "array", items: withRule(INTEGER, { rule: "self > 0", message: "m" }) },
        map: {
          type: "object",
          additionalProperties: withRule(INTEGER, { rule: "self > 0", message: "m" }),
        },
      },
    },
    value: { list: [1, 0], map: { k: 0 } },
    says: ['v.list[1]: Invalid value: "integer": m', 'v.map[k]: Invalid value: "integer": m'],
  },
  {
    what: "leaves a rule about changes out when there was nothing",
    schema: withRule(INTEGER, { rule: "self == oldSelf" }),
    value: 1,
    says: [],
  },
  {
    what: "compares with what was there",
    schema: withRule(INTEGER, { rule: "self >= oldSelf", message: "never shrinks" }),
    value: 1,
    old: 2,
    says: ['v: Invalid value: "integer": never shrinks'],
  },
  {
    what: "evaluates a rule about changes at first, too, if it is made for that",
    schema: withRule(INTEGER, {
      rule: "oldSelf.hasValue() ? self > oldSelf.value() : self == 1",
      message: "starts at 1",
      optionalOldSelf: true,
    }),
    value: 2,
    says: ['v: Invalid value: "integer": starts at 1'],
  },
  {
    what: "compares items of a list by their keys",
    schema: {
      ...KEYED,
      items: withRule(ITEM, { rule: "self.n >= oldSelf.n", message: "never shrinks" }),
    },
    value: [{ k: "b", n: 1 }, { k: "a", n: 1 }],
    old: [{ k: "a", n: 2 }],
    says: ['v[1]: Invalid value: "object": never shrinks'],
  },
  {
    what: "lets stay what broke a rule before",
    schema: {
      type: "object",
      properties: { a: withRule(INTEGER, { rule: "self > 1" }), b: INTEGER },
    },
    value: { a: 1, b: 2 },
    old: { a: 1, b: 1 },
    says: [],
  },
  {
    what: "does not evaluate a rule about null",
    schema: withRule({ ...INTEGER, nullable: true }, { rule: "self > 1" }),
    value: null,
    says: [],
  },
  {
    what: "says why a rule cannot be evaluated",
    schema: withRule(PAIR, { rule: "self.a > 0" }),
    value: {},
    says: ['v: Invalid value: "object": no such key: a evaluating rule: self.a > 0'],
  },
];

for (const { what, schema, value, old, says } of CASES) {
  Deno.test(`validateRules() ${what}`, () => {
    const before = old === undefined ? undefined : { v: old };
    assert.deepEqual(said(validateRules({ v: value }, schemaOf(schema), before)), says);
  });
}

Deno.test("validateRules() knows the name of a whole object, and nothing else of its metadata", () => {
  const ruled = (rule: string): Schema =>
    new Schema(withRule({ type: "object", properties: {} }, { rule, message: "m" }));
  const object: JsonObject = {
    apiVersion: "x.io/v1",
    kind: "Thing",
    metadata: { name: "a", labels: { b: "c" } },
  };
  const named = ruled("self.metadata.name == 'a' && self.kind == 'Thing'");
  assert.deepEqual(validateRules(object, named, undefined), []);
  const labelled = ruled("has(self.metadata.labels)");
  assert.deepEqual(said(validateRules(object, labelled, undefined)), [
    '<nil>: Invalid value: "object": m',
  ]);
});

Deno.test("hasRules() looks at all that is in a schema", () => {
  const ruled = withRule(INTEGER, { rule: "true" });
  assert.equal(hasRules(schemaOf(INTEGER)), false);
  assert.equal(hasRules(schemaOf({ type: "array", items: ruled })), true);
  assert.equal(hasRules(schemaOf({ type: "object", additionalProperties: ruled })), true);
});
