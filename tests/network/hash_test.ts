/** Wishes and their hashes. */

import assert from "node:assert/strict";
import { hashOf } from "../../lib/network/hash.ts";

Deno.test("hashOf() is the same for the same wish, whatever the order of its fields", () => {
  assert.equal(hashOf({ a: 1, b: { c: 2, d: 3 } }), hashOf({ b: { d: 3, c: 2 }, a: 1 }));
  assert.notEqual(hashOf({ a: [1, 2] }), hashOf({ a: [2, 1] }));
  assert.notEqual(hashOf({ a: 1 }), hashOf({ a: 2 }));
  assert.equal(hashOf({ a: 1, b: undefined }), hashOf({ a: 1 }));
});
