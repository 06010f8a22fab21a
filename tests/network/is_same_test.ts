/** What counts as the same status. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { isSame } from "../../lib/network/_is_same.ts";

Deno.test("isSame() holds for the same fields in another order, and for one that is undefined or absent", () => {
  assert.ok(isSame({ a: 1, b: [{ c: "x", d: null }] }, { b: [{ d: null, c: "x" }], a: 1 }));
  assert.ok(isSame({ a: 1, b: undefined }, { a: 1 }));
  assert.ok(isSame(undefined, undefined));
});

Deno.test("isSame() sees another value, another type, another length and another order of a list", () => {
  for (
    const [a, b] of [
      [{ a: 1 }, { a: 2 }],
      [{ a: 1 }, { a: 1, b: 0 }],
      [{}, []],
      [{ 0: 1 }, [1]],
      [null, {}],
      [null, undefined],
      ["1", 1],
      [[1], [1, 2]],
      [[1, 2], [2, 1]],
    ]
  ) {
    assert.ok(!isSame(a, b), JSON.stringify([a, b]));
    assert.ok(!isSame(b, a), JSON.stringify([b, a]));
  }
});

Deno.test("isSame() agrees with a deep comparison of any JSON", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
    // Through text: as JSON there is no -0.
    const [left, right]: [unknown, unknown] = JSON.parse(JSON.stringify([a, b]));
    assert.ok(isSame(left, structuredClone(left)));
    let isEqual = true;
    try {
      assert.deepEqual(left, right);
    } catch {
      isEqual = false;
    }
    assert.equal(isSame(left, right), isEqual);
  }));
});
