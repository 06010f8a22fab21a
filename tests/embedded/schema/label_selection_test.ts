import assert from "node:assert/strict";

import {
  isEmptySelector,
  selects,
  validateSelector,
} from "../../../lib/embedded/schema/label_selection.ts";
import type { JsonObject } from "../../../lib/embedded/schema/mod.ts";
import { said } from "./_kinds.ts";

const LABELS = { app: "a", tier: "db" };

const SELECTORS: readonly (readonly [selector: JsonObject, selected: boolean])[] = [
  [{}, true],
  [{ matchLabels: { app: "a" } }, true],
  [{ matchLabels: { app: "b" } }, false],
  [{ matchExpressions: [{ key: "app", operator: "In", values: ["a", "b"] }] }, true],
  [{ matchExpressions: [{ key: "app", operator: "NotIn", values: ["a"] }] }, false],
  [{ matchExpressions: [{ key: "none", operator: "NotIn", values: ["a"] }] }, true],
  [{ matchExpressions: [{ key: "none", operator: "Exists" }] }, false],
  [{ matchExpressions: [{ key: "none", operator: "DoesNotExist" }] }, true],
  [{ matchExpressions: [{ key: "constructor", operator: "Exists" }] }, false],
  [
    { matchLabels: { app: "a" }, matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] },
    false,
  ],
];

for (const [selector, selected] of SELECTORS) {
  Deno.test(`selects() is ${selected} for ${JSON.stringify(selector)}`, () => {
    assert.equal(selects(selector, LABELS), selected);
  });
}

const WRONG: readonly (readonly [expression: JsonObject, says: string])[] = [
  [
    { key: "a", operator: "In", values: [] },
    "s.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
  ],
  [
    { key: "a", operator: "Exists", values: ["b"] },
    "s.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
  ],
  [
    { key: "a", operator: "Is" },
    's.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
  ],
];

for (const [expression, says] of WRONG) {
  Deno.test(`validateSelector() says '${says}'`, () => {
    assert.deepEqual(said(validateSelector({ matchExpressions: [expression] }, "s")), [says]);
  });
}

Deno.test("isEmptySelector() is true for a selector without conditions", () => {
  assert.equal(isEmptySelector({ matchLabels: {}, matchExpressions: [] }), true);
  assert.equal(isEmptySelector({ matchLabels: { a: "b" } }), false);
});
