import assert from "node:assert/strict";

import fc from "fast-check";

import { mergeFields } from "../../../lib/embedded/schema/field_merge.ts";
import { type JsonObject, Schema } from "../../../lib/embedded/schema/mod.ts";

const schema = new Schema({
  type: "object",
  properties: {
    map: { type: "object", additionalProperties: { type: "string" } },
    atom: { type: "object", "x-kubernetes-map-type": "atomic" },
    list: { type: "array" },
    set: { type: "array", "x-kubernetes-list-type": "set" },
    keyed: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
  },
});

const CASES: readonly (readonly [
  what: string,
  live: JsonObject,
  applied: JsonObject,
  merged: JsonObject,
])[] = [
  [
    "merges maps by their keys",
    { map: { a: "1", b: "1" } },
    { map: { b: "2" } },
    { map: { a: "1", b: "2" } },
  ],
  ["replaces what is owned as one", { atom: { a: 1 }, list: [1] }, { atom: { b: 2 }, list: [2] }, {
    atom: { b: 2 },
    list: [2],
  }],
  [
    "merges items of the same keys",
    { keyed: [{ name: "a", x: 1, y: 1 }] },
    { keyed: [{ name: "a", x: 2 }] },
    { keyed: [{ name: "a", x: 2, y: 1 }] },
  ],
  ["appends what is new", { set: ["a", "b"] }, { set: ["c"] }, { set: ["a", "b", "c"] }],
  [
    "takes the order of what is applied, and leaves others beside their neighbours",
    { set: ["a", "x", "b", "y"] },
    { set: ["b", "a"] },
    { set: ["x", "b", "y", "a"] },
  ],
  ["puts what is new where it is applied", { set: ["a", "b"] }, { set: ["a", "n", "b"] }, {
    set: ["a", "n", "b"],
  }],
  ["lets an empty map be as it is", { map: {} }, { map: {} }, { map: {} }],
  ["lets null take the place of nothing", {}, { map: null }, { map: null }],
];

for (const [what, live, applied, merged] of CASES) {
  Deno.test(`mergeFields() ${what}`, () => {
    assert.deepEqual(mergeFields(live, applied, schema), merged);
  });
}

const items = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"));

Deno.test("mergeFields() has all items of both lists once, those of the applied one in its order", () => {
  fc.assert(fc.property(items, items, (live, applied) => {
    const merged = [mergeFields({ set: live }, { set: applied }, schema).set].flat();
    assert.deepEqual(merged.toSorted(), [...new Set([...live, ...applied])].sort());
    assert.deepEqual(merged.filter((item) => applied.some((other) => other === item)), applied);
  }));
});

Deno.test("mergeFields() changes nothing the second time", () => {
  fc.assert(fc.property(items, items, (live, applied) => {
    const once = mergeFields({ set: live }, { set: applied }, schema);
    assert.deepEqual(mergeFields(once, { set: applied }, schema), once);
  }));
});
