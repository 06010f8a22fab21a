import assert from "node:assert/strict";

import { expressionProblem, rulesOf } from "../../../lib/embedded/schema/cel_rule.ts";
import { Schema, type ValidationRule } from "../../../lib/embedded/schema/mod.ts";
import type { CelValue } from "../../../lib/embedded/schema/cel_values.ts";

function evaluate(source: ValidationRule, self: CelValue): unknown {
  const [rule] = rulesOf(new Schema({ "x-kubernetes-validations": [source] }));
  return rule?.evaluate({ self });
}

Deno.test("rulesOf() compiles the rules of a schema once", () => {
  const schema = new Schema({ "x-kubernetes-validations": [{ rule: "true" }] });
  assert.equal(rulesOf(schema), rulesOf(schema));
  assert.deepEqual(rulesOf(new Schema({})), []);
});

Deno.test("rulesOf() knows which rules are about changes", () => {
  const rules = ["self == oldSelf", "self == 'oldSelf'", "self.all(x, x in oldSelf)"];
  const schema = new Schema({ "x-kubernetes-validations": rules.map((rule) => ({ rule })) });
  assert.deepEqual(rulesOf(schema).map(({ usesOldSelf }) => usesOldSelf), [true, false, true]);
});

const FAILURES: readonly (readonly [rule: string, self: CelValue, failure: string])[] = [
  ["self.a", {}, "no such key: a evaluating rule: self.a"],
  ["self[2] == 1", [1n], "index out of bounds: 2 evaluating rule: self[2] == 1"],
  [
    "self > 1",
    "a",
    "'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self > 1",
  ],
  ["1 / self > 0", 0n, "division by zero evaluating rule: 1 / self > 0"],
  // Where both sides fail, the left one is named.
  ...[
    "self[0] > 0 && self[1] > 0",
    "self[0] > 0 || self[1] > 0",
    "self[0] > 0 && self[1] > 0 && self[2] > 0",
    "self[0] > 0 && (self[1] > 0 || self[2] > 0)",
    "[self].all(e, e[0] > 0 && e[1] > 0)",
    "[self].map(e, e[0] > 0 || e[1] > 0).size() > 0",
    "(self[0] > 0 && self[1] > 0) ? true : false",
    "self[0] > 0 && 1 / self.size() > 0",
  ].map((rule) => [rule, [], `index out of bounds: 0 evaluating rule: ${rule}`] as const),
  ["self.a && self.b", {}, "no such key: a evaluating rule: self.a && self.b"],
];

for (const [rule, self, failure] of FAILURES) {
  Deno.test(`a rule such as '${rule}' fails in the words of the real server`, () => {
    assert.deepEqual(evaluate({ rule }, self), { failure });
  });
}

const HOLDING: readonly (readonly [rule: string, holds: boolean])[] = [
  ["self[0] > 0 || true", true],
  ["true || self[0] > 0", true],
  ["self[0] > 0 && false", false],
  ["false && self[0] > 0", false],
];

for (const [rule, holds] of HOLDING) {
  Deno.test(`a rule such as '${rule}' is decided by the side that does not fail`, () => {
    assert.equal(evaluate({ rule }, []), holds);
  });
}

Deno.test("a rule that cannot be compiled fails whenever it is evaluated", () => {
  const result = evaluate({ rule: "self >" }, 1n);
  assert.match(JSON.stringify(result), /^\{"failure":"rule compile error: /);
});

Deno.test("expressionProblem() has something to say only of what cannot be parsed", () => {
  assert.equal(expressionProblem("self.a.exists(x, x > 1)"), undefined);
  assert.equal(typeof expressionProblem("self."), "string");
});
