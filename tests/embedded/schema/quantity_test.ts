import assert from "node:assert/strict";

import {
  canonicalQuantity,
  isQuantity,
  quantityNanos,
} from "../../../lib/embedded/schema/quantity.ts";

const CANONICAL: readonly (readonly [given: string, canonical: string])[] = [
  ["1", "1"],
  ["1000m", "1"],
  ["0.1", "100m"],
  ["1.5", "1500m"],
  ["1024Mi", "1Gi"],
  ["1536Mi", "1536Mi"],
  ["1.5Gi", "1536Mi"],
  ["0.5Ki", "512"],
  ["16777216Ki", "16Gi"],
  ["1000k", "1M"],
  ["1e3", "1e3"],
  ["12e2", "1200"],
  ["0", "0"],
  ["0Gi", "0"],
  ["-1500m", "-1500m"],
  ["0.0000000001", "1n"],
  ["no quantity", "no quantity"],
];

for (const [given, canonical] of CANONICAL) {
  Deno.test(`canonicalQuantity() writes '${given}' as '${canonical}'`, () => {
    assert.equal(canonicalQuantity(given), canonical);
  });
}

Deno.test("isQuantity() refuses what the real server refuses", () => {
  for (const text of ["", "xx", "1 Gi", "1gi", "--1", "1.2.3", "Gi"]) {
    assert.equal(isQuantity(text), false, text);
  }
});

Deno.test("quantityNanos() compares quantities of different suffixes", () => {
  assert.equal(quantityNanos("1Gi"), quantityNanos("1024Mi"));
  assert.equal(quantityNanos("1.5"), 1_500_000_000n);
  assert.equal(quantityNanos("x"), undefined);
});
