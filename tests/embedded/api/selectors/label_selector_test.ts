import assert from "node:assert/strict";

import { parseLabelSelector } from "../../../../lib/embedded/api/selectors/label_selector.ts";

const LABELS = { app: "a", tier: "db", count: "5", empty: "" };

for (
  const [selector, expected] of [
    ["", true],
    ["app", true],
    ["!app", false],
    ["other", false],
    ["!other", true],
    ["app=a", true],
    ["app==a", true],
    ["app = b", false],
    ["other=a", false],
    ["app!=b", true],
    ["app!=a", false],
    ["other!=a", true],
    ["empty=", true],
    ["app=", false],
    ["app in (a, b)", true],
    ["app in (b,c)", false],
    ["app notin (b)", true],
    ["app notin (a)", false],
    ["other notin (a)", true],
    ["empty in (,x)", true],
    ["empty in ()", true],
    ["count>4", true],
    ["count>5", false],
    ["count<6", true],
    ["app>1", false],
    ["app=a,tier in (db),!other", true],
    ["app=a,tier=web", false],
    ["in=a", false],
    ["example.com/name=x", false],
  ] as const
) {
  Deno.test(`parseLabelSelector() reads '${selector}' so that it ${expected ? "matches" : "does not match"}`, () => {
    assert.equal(parseLabelSelector(selector)(LABELS), expected);
  });
}

const NAME =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

// The messages are those of a kube-apiserver 1.34.
for (
  const [selector, message] of [
    ["a===", "unable to parse requirement: found '=', expected: identifier"],
    ["a in b", "unable to parse requirement: found 'b' expected: '('"],
    ["a,", "found '', expected: identifier after ','"],
    ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ["-a", `unable to parse requirement: <nil>: Invalid value: "-a": ${NAME}`],
    ["=a", "found '=', expected: !, identifier, or 'end of string'"],
    [
      "a>x",
      `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    ["a in (x", "unable to parse requirement: found '', expected: ',' or ')'"],
    ["a,,b", "found ',', expected: identifier after ','"],
    ["!", "unable to parse requirement: found '', expected: identifier"],
    ["a=b=c", "found '=', expected: ',' or 'end of string'"],
  ] as const
) {
  Deno.test(`parseLabelSelector() refuses '${selector}' as the real server does`, () => {
    assert.throws(() => parseLabelSelector(selector), { message });
  });
}
