import assert from "node:assert/strict";

import { age, humanDuration } from "../../../../lib/embedded/api/tables/duration.ts";

// From the tests of `k8s.io/apimachinery/pkg/util/duration`.
for (
  const [seconds, expected] of [
    [-2, "<invalid>"],
    [-1, "0s"],
    [0, "0s"],
    [1, "1s"],
    [119, "119s"],
    [120, "2m"],
    [153, "2m33s"],
    [599, "9m59s"],
    [600, "10m"],
    [10799, "179m"],
    [10800, "3h"],
    [28799, "7h59m"],
    [28800, "8h"],
    [172799, "47h"],
    [172800, "2d"],
    [691199, "7d23h"],
    [691200, "8d"],
    [63071999, "729d"],
    [63072000, "2y"],
    [252287999, "7y364d"],
    [252288000, "8y"],
  ] as const
) {
  Deno.test(`humanDuration() writes ${seconds} s as '${expected}'`, () => {
    assert.equal(humanDuration(seconds * 1000), expected);
  });
}

Deno.test("age() says '<unknown>' for no time, and '<invalid>' for what is none", () => {
  assert.equal(age(undefined, 0), "<unknown>");
  assert.equal(age(null, 0), "<unknown>");
  assert.equal(age("yesterday", 0), "<invalid>");
  assert.equal(age("1970-01-01T00:00:00Z", 5000), "5s");
});
