import assert from "node:assert/strict";

import {
  configKeyProblems,
  dns1035Problems,
  environmentNameProblems,
  labelNameProblems,
  labelValueProblems,
  pathSegmentProblems,
  portNameProblems,
  prefixOf,
  qualifiedNameProblems,
  subdomainProblems,
  type TextRule,
} from "../../../lib/embedded/schema/names.ts";

const RIGHT: readonly (readonly [name: string, rule: TextRule, texts: readonly string[]])[] = [
  ["subdomainProblems", subdomainProblems, ["a", "example.com", "1-a.b"]],
  ["labelNameProblems", labelNameProblems, ["a", "123-abc"]],
  ["dns1035Problems", dns1035Problems, ["a", "abc-123"]],
  ["pathSegmentProblems", pathSegmentProblems, ["system:node", "A_b"]],
  ["qualifiedNameProblems", qualifiedNameProblems, ["a", "x.io/My_Name", "A.b-C"]],
  ["labelValueProblems", labelValueProblems, ["", "a", "My_Value.1"]],
  ["configKeyProblems", configKeyProblems, [".bashrc", "a.b_c-D"]],
  ["environmentNameProblems", environmentNameProblems, ["A", "a-b.c", "1 2"]],
  ["portNameProblems", portNameProblems, ["rpc", "p2p", "a-1"]],
];

for (const [name, rule, texts] of RIGHT) {
  Deno.test(`${name}() has nothing to say of ${texts.map((text) => `'${text}'`).join(", ")}`, () => {
    for (const text of texts) assert.deepEqual(rule(text), []);
  });
}

const WRONG: readonly (readonly [name: string, rule: TextRule, text: string, says: RegExp])[] = [
  [
    "subdomainProblems",
    subdomainProblems,
    "Bad_Name",
    /^a lowercase RFC 1123 subdomain must consist/,
  ],
  [
    "subdomainProblems",
    subdomainProblems,
    "a".repeat(254),
    /^must be no more than 253 characters$/,
  ],
  ["labelNameProblems", labelNameProblems, "a.b", /^must not contain dots$/],
  ["labelNameProblems", labelNameProblems, "A", /'my-name', {2}or '123-abc', regex used/],
  ["dns1035Problems", dns1035Problems, "1a", /^a DNS-1035 label must consist/],
  ["pathSegmentProblems", pathSegmentProblems, "a/b", /^may not contain '\/'$/],
  ["qualifiedNameProblems", qualifiedNameProblems, "/a", /^prefix part must be non-empty$/],
  [
    "qualifiedNameProblems",
    qualifiedNameProblems,
    "a/b/c",
    /with an optional DNS subdomain prefix/,
  ],
  ["labelValueProblems", labelValueProblems, "-a", /^a valid label must be an empty string/],
  ["configKeyProblems", configKeyProblems, "..", /^must not be '\.\.'$/],
  ["environmentNameProblems", environmentNameProblems, "a=b", /other than '='$/],
  ["portNameProblems", portNameProblems, "a--b", /^must not contain consecutive hyphens$/],
];

for (const [name, rule, text, says] of WRONG) {
  Deno.test(`${name}() complains about '${text.slice(0, 12)}' in the words of the real server`, () => {
    const problems = rule(text);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", says);
  });
}

Deno.test("prefixOf() lets a prefix end with a dash", () => {
  assert.deepEqual(prefixOf(labelNameProblems)("a-"), []);
  assert.notDeepEqual(labelNameProblems("a-"), []);
});
