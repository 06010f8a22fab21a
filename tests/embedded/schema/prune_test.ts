import assert from "node:assert/strict";

import fc from "fast-check";

import { type JsonObject, prune, type SchemaSource } from "../../../lib/embedded/schema/mod.ts";
import { known, pod, thing, thingKind } from "./_kinds.ts";

Deno.test("prune() names unknown fields of a built-in kind, and removes them", () => {
  const object = { ...pod({ x: 1, env: [{ name: "A", y: 2 }] }, { typo: {} }), extra: true };
  const { object: left, unknown } = prune(known("", "Pod"), object);
  assert.deepEqual(unknown, [
    "spec.containers[0].x",
    "spec.containers[0].env[0].y",
    "spec.typo",
    "extra",
  ]);
  assert.deepEqual(left, pod({ env: [{ name: "A" }] }));
});

Deno.test("prune() returns the very object when nothing has to go", () => {
  const object = pod({ resources: { limits: { cpu: "1", "x.io/any": "2" } } });
  assert.equal(prune(known("", "Pod"), object).object, object);
});

Deno.test("prune() keeps any JSON where a built-in kind takes any", () => {
  const revision = { data: { spec: { anything: [1] } }, revision: 1 };
  assert.equal(prune(known("apps", "ControllerRevision"), revision).object, revision);
});

interface Case {
  readonly what: string;
  readonly schema: SchemaSource;
  readonly value: unknown;
  readonly left: unknown;
  readonly unknown: readonly string[];
}

const object = (properties: Readonly<Record<string, SchemaSource>>): SchemaSource => ({
  type: "object",
  properties,
});

const CASES: readonly Case[] = [
  {
    what: "drops fields that the schema does not have",
    schema: object({ a: { type: "string" } }),
    value: { a: "", b: 1 },
    left: { a: "" },
    unknown: ["spec.v.b"],
  },
  {
    what: "looks into the items of lists",
    schema: { type: "array", items: object({ a: { type: "string" } }) },
    value: [{ a: "" }, { b: 1 }],
    left: [{ a: "" }, {}],
    unknown: ["spec.v[1].b"],
  },
  {
    what: "looks into the values of maps",
    schema: { type: "object", additionalProperties: object({ a: { type: "string" } }) },
    value: { k: { a: "", b: 1 } },
    left: { k: { a: "" } },
    unknown: ["spec.v.k.b"],
  },
  {
    what: "keeps what is unknown where the schema says so, but prunes what is known there",
    schema: {
      ...object({ a: object({ b: { type: "string" } }) }),
      "x-kubernetes-preserve-unknown-fields": true,
    },
    value: { any: { thing: 1 }, a: { c: 2 } },
    left: { any: { thing: 1 }, a: {} },
    unknown: ["spec.v.a.c"],
  },
  {
    what: "leaves numbers and strings alone where both are right",
    schema: { "x-kubernetes-int-or-string": true },
    value: "50%",
    left: "50%",
    unknown: [],
  },
  {
    what: "keeps apiVersion, kind and metadata of an embedded object, and prunes its metadata",
    schema: { type: "object", "x-kubernetes-embedded-resource": true },
    value: { apiVersion: "v1", kind: "Pod", metadata: { name: "a", typo: 1 }, spec: {} },
    left: { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } },
    unknown: ["spec.v.spec", "spec.v.metadata.typo"],
  },
  {
    what: "drops nulls that mean nothing, and keeps those that do",
    schema: object({
      plain: { type: "string" },
      nullable: { type: "string", nullable: true },
      filled: { type: "string", default: "x" },
    }),
    value: { plain: null, nullable: null, filled: null },
    left: { nullable: null, filled: null },
    unknown: [],
  },
];

for (const { what, schema, value, left, unknown } of CASES) {
  Deno.test(`prune() ${what} in a custom resource`, () => {
    // Schemas and the values of these cases are JSON.
    const kind = thingKind({ v: schema as JsonObject });
    const pruned = prune(kind, thing({ v: value as JsonObject }));
    assert.deepEqual(pruned.unknown, unknown);
    assert.deepEqual(pruned.object, thing({ v: left as JsonObject }));
  });
}

Deno.test("prune() names what is wrong in the metadata of a custom resource first", () => {
  const { unknown } = prune(thingKind({}), {
    spec: { a: 1 },
    metadata: { name: "a", typo: 1 },
  });
  assert.deepEqual(unknown, ["metadata.typo", "spec.a"]);
});

Deno.test("prune() has nothing to do a second time", () => {
  const kind = thingKind({
    a: { type: "object", properties: { b: { type: "string" }, c: { type: "array" } } },
    d: { type: "array", items: { type: "object", properties: { b: { type: "string" } } } },
  });
  const names = fc.constantFrom("a", "b", "c", "d", "spec", "x");
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, 1, "s"),
      fc.array(tie("value"), { maxLength: 2 }),
      fc.dictionary(names, tie("value"), { maxKeys: 3 }),
    ),
  }));
  fc.assert(fc.property(fc.dictionary(names, value), (random) => {
    // Only JSON is generated.
    const once = prune(kind, random as JsonObject).object;
    const twice = prune(kind, once);
    assert.equal(twice.object, once);
    assert.deepEqual(twice.unknown, []);
  }));
});
