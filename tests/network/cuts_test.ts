/** Which links may be cut. */

import assert from "node:assert/strict";
import { cutRule, Parts } from "../../lib/network/cuts.ts";
import type { Edge } from "../../lib/network/edge.ts";

const STAR: readonly Edge[] = [[0, 1], [0, 2], [0, 3]];

Deno.test("cutRule() keeps a link until wanted edges that are up join its ends", () => {
  const before = cutRule({ wanted: STAR, up: [[0, 1]], possible: STAR });
  assert.equal(before(1, 2), false);
  const after = cutRule({ wanted: STAR, up: [[0, 1], [0, 2]], possible: STAR });
  assert.equal(after(1, 2), true);
  assert.equal(after(2, 3), false, "3 has nothing else yet");
});

Deno.test("cutRule() waits with a link that nothing replaces until all is up that can be", () => {
  const wanted: Edge[] = [[0, 1], [2, 3], [3, 4]];
  const before = cutRule({ wanted, up: [[0, 1]], possible: wanted });
  assert.equal(before(1, 2), false);
  assert.equal(cutRule({ wanted, up: wanted, possible: wanted })(1, 2), true);
  // 4 does not answer, and holds up nobody.
  const without = cutRule({ wanted, up: [[0, 1], [2, 3]], possible: [[0, 1], [2, 3]] });
  assert.equal(without(1, 2), true);
  assert.equal(without(3, 4), false, "it is wanted, and all that 4 has");
});

Deno.test("cutRule() cuts everything where nothing is wanted", () => {
  assert.equal(cutRule({ wanted: [], up: [], possible: [] })(0, 1), true);
});

Deno.test("Parts knows who can reach whom, whatever the order of the edges", () => {
  const parts = new Parts([[4, 5], [0, 1], [5, 6], [1, 6]]);
  assert.ok(parts.joins(0, 4));
  assert.ok(parts.joins(2, 2));
  assert.ok(!parts.joins(0, 2));
});
