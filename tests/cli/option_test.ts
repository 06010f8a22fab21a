import assert from "node:assert/strict";
import { collect } from "../../lib/cli/option.ts";

Deno.test("collect() keeps the values in their order, and one that comes twice once", () => {
  const values = ["b", "a", "b"].reduce<string[] | undefined>(
    (before, text) => collect(text, before),
    undefined,
  );
  assert.deepEqual(values, ["b", "a"]);
});
