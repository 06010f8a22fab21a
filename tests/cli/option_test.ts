import assert from "node:assert/strict";
import { namespaceNames } from "../../lib/cli/option.ts";

Deno.test("namespaceNames() keeps the values in their order, and one that comes twice once", () => {
  const values = ["b", "a", "b"].reduce<string[] | undefined>(
    (before, text) => namespaceNames(text, before),
    undefined,
  );
  assert.deepEqual(values, ["b", "a"]);
});
