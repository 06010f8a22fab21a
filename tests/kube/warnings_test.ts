import assert from "node:assert/strict";

import { parseWarnings, WarningFilter } from "../../lib/kube/_warnings.ts";
import { exchange } from "./_support.ts";

Deno.test("parseWarnings() reads the header a real server sent", () => {
  const { headers } = exchange("create, warn field validation").response;
  assert.deepEqual(parseWarnings(headers.warning ?? ""), ['unknown field "spec.typo"']);
});

Deno.test("parseWarnings() reads several texts, with commas and quotes in them", () => {
  const header = '299 - "one, two", 299 k8s "say \\"hi\\" \\\\" , 299 - "three"';
  assert.deepEqual(parseWarnings(header), ["one, two", 'say "hi" \\', "three"]);
});

Deno.test("parseWarnings() makes nothing of a header that is something else", () => {
  assert.deepEqual(parseWarnings("nonsense"), []);
});

Deno.test("fresh() lets each text through once", () => {
  const filter = new WarningFilter();
  assert.deepEqual(filter.fresh('299 - "a"'), ["a"]);
  assert.deepEqual(filter.fresh('299 - "a", 299 - "b"'), ["b"]);
  assert.deepEqual(filter.fresh(null), []);
});

Deno.test("fresh() forgets everything when it remembers too much", () => {
  const filter = new WarningFilter();
  filter.fresh('299 - "a"');
  for (let i = 0; i < 1000; i++) filter.fresh(`299 - "n${i}"`);
  assert.deepEqual(filter.fresh('299 - "a"'), ["a"]);
});
