import assert from "node:assert/strict";

import fc from "fast-check";

import {
  applyMergePatch,
  entriesOf,
  isObject,
  type Json,
  type JsonObject,
  member,
  PatchError,
  sameJson,
} from "../../../lib/embedded/schema/mod.ts";

/** The examples of RFC 7386, as far as both sides are objects. */
const EXAMPLES: readonly (readonly [target: JsonObject, patch: JsonObject, result: JsonObject])[] =
  [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];

for (const [target, patch, result] of EXAMPLES) {
  Deno.test(`applyMergePatch() merges ${JSON.stringify(patch)} into ${JSON.stringify(target)}`, () => {
    assert.deepEqual(applyMergePatch(target, patch), result);
  });
}

for (const [patch, found] of [[[], "array"], ["a", "string"], [1, "number"]] as const) {
  Deno.test(`applyMergePatch() refuses a patch of type ${found}`, () => {
    assert.throws(() => applyMergePatch({}, patch), (error) => {
      assert.ok(error instanceof PatchError);
      assert.equal(error.code, 400);
      assert.equal(
        error.message,
        `error decoding patch: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
      );
      return true;
    });
  });
}

/** The patch that makes one object of another. */
function mergeDifference(from: JsonObject, to: JsonObject): JsonObject {
  const removed = entriesOf(from).filter(([name]) => member(to, name) === undefined)
    .map(([name]) => [name, null] as const);
  const changed = entriesOf(to).flatMap(([name, value]): [string, Json][] => {
    const before = member(from, name);
    if (sameJson(before, value)) return [];
    return [[name, isObject(before) && isObject(value) ? mergeDifference(before, value) : value]];
  });
  return Object.fromEntries([...removed, ...changed]);
}

const name = fc.constantFrom("a", "b", "c");
const { object } = fc.letrec<{ object: JsonObject; value: Json }>((tie) => ({
  object: fc.dictionary(name, tie("value"), { maxKeys: 3 }),
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(1, "x", true),
    fc.array(fc.integer(), { maxLength: 2 }),
    tie("object"),
  ),
}));

Deno.test("applyMergePatch() makes of one object any other", () => {
  fc.assert(fc.property(object, object, (from, to) => {
    assert.ok(sameJson(applyMergePatch(from, mergeDifference(from, to)), to));
  }));
});

Deno.test("applyMergePatch() changes nothing the second time", () => {
  fc.assert(fc.property(object, object, (target, patch) => {
    const once = applyMergePatch(target, patch);
    assert.ok(sameJson(applyMergePatch(once, patch), once));
  }));
});
