import assert from "node:assert/strict";

import {
  applyJsonPatch,
  type Json,
  type JsonObject,
  PatchError,
} from "../../../lib/embedded/schema/mod.ts";

interface Case {
  readonly what: string;
  readonly target: JsonObject;
  readonly operations: readonly Json[];
  readonly result: Json;
}

const CASES: readonly Case[] = [
  {
    what: "takes operations one after the other",
    target: { a: { b: [1, 2] } },
    operations: [
      { op: "test", path: "/a/b/0", value: 1 },
      { op: "add", path: "/a/b/-", value: 3 },
      { op: "remove", path: "/a/b/0" },
      { op: "move", from: "/a/b", path: "/c" },
      { op: "copy", from: "/c/0", path: "/a/d" },
      { op: "replace", path: "/c/1", value: 9 },
    ],
    result: { a: { d: 2 }, c: [2, 9] },
  },
  {
    what: "reads escaped names",
    target: { "a/b": { "c~d": 1 } },
    operations: [{ op: "replace", path: "/a~1b/c~0d", value: 2 }],
    result: { "a/b": { "c~d": 2 } },
  },
  {
    what: "lets a member be replaced that is not there",
    target: { a: {} },
    operations: [{ op: "replace", path: "/a/b", value: 1 }],
    result: { a: { b: 1 } },
  },
  {
    what: "counts negative indexes from the end",
    target: { a: [1, 2, 3] },
    operations: [{ op: "remove", path: "/a/-1" }, { op: "replace", path: "/a/-2", value: 0 }],
    result: { a: [0, 2] },
  },
  {
    what: "takes a missing value for null",
    target: { a: 1 },
    operations: [{ op: "add", path: "/b" }, { op: "test", path: "/c" }],
    result: { a: 1, b: null },
  },
  {
    what: "copies null from where nothing is",
    target: {},
    operations: [{ op: "copy", from: "/x", path: "/a" }],
    result: { a: null },
  },
  {
    what: "can replace the whole",
    target: { a: 1 },
    operations: [{ op: "replace", path: "", value: { b: 2 } }],
    result: { b: 2 },
  },
];

for (const { what, target, operations, result } of CASES) {
  Deno.test(`applyJsonPatch() ${what}`, () => {
    assert.deepEqual(applyJsonPatch(target, operations), result);
  });
}

Deno.test("applyJsonPatch() does not change what it is given", () => {
  const target = Object.freeze({ a: Object.freeze([1]) });
  applyJsonPatch(target, [{ op: "add", path: "/a/-", value: 2 }]);
  assert.deepEqual(target, { a: [1] });
});

const REJECTED = "the server rejected our request due to an error in our request";

const WRONG: readonly (readonly [what: string, patch: Json, code: number, message: string])[] = [
  [
    "no list",
    { op: "add" },
    400,
    "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
  ],
  [
    "an item that is no operation",
    [1],
    400,
    "error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp",
  ],
  ["an unknown operation", [{ op: "swap", path: "/a" }], 422, REJECTED],
  ["no path", [{ op: "add", value: 1 }], 422, REJECTED],
  ["a test that fails", [{ op: "test", path: "/a", value: 2 }], 422, REJECTED],
  ["a member that is not there", [{ op: "remove", path: "/b" }], 422, REJECTED],
  ["an index beyond the end", [{ op: "add", path: "/l/5", value: 1 }], 422, REJECTED],
];

for (const [what, patch, code, message] of WRONG) {
  Deno.test(`applyJsonPatch() refuses ${what}`, () => {
    assert.throws(() => applyJsonPatch({ a: 1, l: [] }, patch), (error) => {
      assert.ok(error instanceof PatchError);
      assert.deepEqual([error.code, error.message], [code, message]);
      return true;
    });
  });
}
