import assert from "node:assert/strict";

import { conflictError } from "../../../lib/embedded/schema/apply_conflict.ts";
import type { FieldManager } from "../../../lib/embedded/schema/field_managers.ts";
import { NO_FIELDS } from "../../../lib/embedded/schema/field_set.ts";

function manager(name: string, operation = "Apply", subresource = ""): FieldManager {
  return { manager: name, operation, apiVersion: "x.io/v1", subresource, fields: NO_FIELDS };
}

Deno.test("conflictError() names the only field in its message", () => {
  const error = conflictError([{ manager: manager("one"), path: ["f:spec", "f:a"] }]);
  assert.equal(error.message, 'Apply failed with 1 conflict: conflict with "one": .spec.a');
  assert.deepEqual(error.causes, [{
    reason: "FieldManagerConflict",
    message: 'conflict with "one"',
    field: ".spec.a",
  }]);
});

Deno.test("conflictError() lists fields by their managers", () => {
  const error = conflictError([
    { manager: manager("two", "Update"), path: ["f:spec", "f:b"] },
    { manager: manager("one"), path: ["f:spec", "f:a"] },
    { manager: manager("two", "Update"), path: ["f:spec", "f:c"] },
    { manager: manager("two", "Update", "status"), path: ["f:status", "f:d"] },
  ]);
  assert.equal(
    error.message,
    [
      'Apply failed with 4 conflicts: conflicts with "one":',
      "- .spec.a",
      'conflicts with "two" using x.io/v1:',
      "- .spec.b",
      "- .spec.c",
      'conflicts with "two" with subresource "status" using x.io/v1:',
      "- .status.d",
    ].join("\n"),
  );
  assert.deepEqual(error.causes.map(({ field }) => field), [
    ".spec.a",
    ".spec.b",
    ".spec.c",
    ".status.d",
  ]);
});
