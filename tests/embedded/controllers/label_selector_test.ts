import assert from "node:assert/strict";

import type { LabelSelector } from "kubernetes-types/meta/v1.d.ts";

import { matchesSelector } from "../../../lib/embedded/controllers/label_selector.ts";

const LABELS = { app: "web", tier: "front" };

const TABLE: readonly [LabelSelector, boolean][] = [
  [{}, true],
  [{ matchLabels: { app: "web" } }, true],
  [{ matchLabels: { app: "web", zone: "z" } }, false],
  [{ matchExpressions: [{ key: "tier", operator: "In", values: ["front", "back"] }] }, true],
  [{ matchExpressions: [{ key: "tier", operator: "In", values: ["back"] }] }, false],
  [{ matchExpressions: [{ key: "zone", operator: "In", values: ["z"] }] }, false],
  [{ matchExpressions: [{ key: "tier", operator: "NotIn", values: ["front"] }] }, false],
  [{ matchExpressions: [{ key: "zone", operator: "NotIn", values: ["z"] }] }, true],
  [{ matchExpressions: [{ key: "app", operator: "Exists" }] }, true],
  [{ matchExpressions: [{ key: "zone", operator: "Exists" }] }, false],
  [{ matchExpressions: [{ key: "zone", operator: "DoesNotExist" }] }, true],
  [
    { matchLabels: { app: "web" }, matchExpressions: [{ key: "app", operator: "DoesNotExist" }] },
    false,
  ],
  [{ matchExpressions: [{ key: "app", operator: "Like", values: ["web"] }] }, false],
];

for (const [selector, expected] of TABLE) {
  Deno.test(`matchesSelector() says ${expected} for ${JSON.stringify(selector)}`, () => {
    assert.equal(matchesSelector(selector, LABELS), expected);
  });
}

Deno.test("matchesSelector() takes absent labels as none", () => {
  assert.equal(matchesSelector({ matchLabels: { app: "web" } }), false);
  assert.equal(matchesSelector({}), true);
});
