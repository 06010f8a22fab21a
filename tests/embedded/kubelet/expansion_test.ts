import assert from "node:assert/strict";

import { expand } from "../../../lib/embedded/kubelet/expansion.ts";

const VALUES = { A: "1", B_C: "two", EMPTY: "" };

const TABLE: readonly (readonly [text: string, expanded: string])[] = [
  ["$(A)-$(B_C)", "1-two"],
  ["$(EMPTY)", ""],
  ["$(NONE)", "$(NONE)"],
  ["$$(A)", "$(A)"],
  ["$$$(A)", "$1"],
  ["$A ${A} 5$", "$A ${A} 5$"],
  ["$(A", "$(A"],
  ["$(toString)", "$(toString)"],
  ["$()", "$()"],
];

for (const [text, expanded] of TABLE) {
  Deno.test(`expand() makes '${expanded}' of '${text}'`, () => {
    assert.equal(expand(text, VALUES), expanded);
  });
}
