import assert from "node:assert/strict";

import fc from "fast-check";

import {
  asArray,
  asObject,
  asString,
  entriesOf,
  has,
  type Json,
  member,
  sameJson,
  valueAt,
  withValueAt,
} from "../../../lib/embedded/schema/mod.ts";

Deno.test("asObject(), asArray() and asString() stand for what is not there", () => {
  for (const value of [undefined, null, 1] as const) {
    assert.deepEqual([asObject(value), asArray(value), asString(value)], [{}, [], ""]);
  }
  assert.deepEqual(asObject([1]), {});
  assert.deepEqual(asArray({ a: 1 }), []);
});

Deno.test("member() and has() know nothing of what every object inherits", () => {
  assert.equal(member({}, "constructor"), undefined);
  assert.equal(has({}, "toString"), false);
  assert.equal(valueAt({ a: {} }, "a", "__proto__"), undefined);
});

Deno.test("entriesOf() leaves out what is undefined", () => {
  assert.deepEqual(entriesOf({ a: 1, b: undefined }), [["a", 1]]);
});

Deno.test("withValueAt() sets and removes a value without changing the object", () => {
  const object = Object.freeze({ a: Object.freeze({ b: 1, c: 2 }) });
  assert.deepEqual(withValueAt(object, ["a", "b"], 3), { a: { b: 3, c: 2 } });
  assert.deepEqual(withValueAt(object, ["a", "b"], undefined), { a: { c: 2 } });
  assert.deepEqual(withValueAt(object, ["x", "y"], 1), { a: { b: 1, c: 2 }, x: { y: 1 } });
});

Deno.test("sameJson() does not care for the order of members, nor for those that are undefined", () => {
  assert.ok(sameJson({ a: 1, b: [{}] }, { b: [{}], a: 1, c: undefined }));
  assert.ok(!sameJson([1, 2], [2, 1]));
  assert.ok(!sameJson({ a: undefined, b: 1 }, { a: 1 }));
  assert.ok(!sameJson({}, []));
});

Deno.test("sameJson() is true of a value and its copy", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    // What is generated is JSON; only the type of the generator says it in other words.
    const json = value as Json;
    assert.ok(sameJson(json, JSON.parse(JSON.stringify(json))));
  }));
});
