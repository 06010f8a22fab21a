import assert from "node:assert/strict";

import { compilePattern } from "../../../lib/embedded/schema/patterns.ts";

Deno.test("compilePattern() reads Go's flags, anchors and named groups", () => {
  assert.equal(compilePattern("(?i)^abc$")?.test("ABC"), true);
  assert.equal(compilePattern("\\A(?P<key>a+)\\z")?.exec("aa")?.groups?.key, "aa");
});

Deno.test("compilePattern() reads escapes that JavaScript has only without Unicode", () => {
  assert.equal(compilePattern("^[a\\-z]+$")?.test("a-z"), true);
  assert.equal(compilePattern("^a\\_b$")?.test("a_b"), true);
});

Deno.test("compilePattern() gives up on what it cannot read, and remembers", () => {
  assert.equal(compilePattern("("), undefined);
  assert.equal(compilePattern("("), undefined);
});
