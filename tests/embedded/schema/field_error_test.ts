import assert from "node:assert/strict";

import {
  childPath,
  distinct,
  duplicate,
  forbidden,
  invalid,
  keyPath,
  notFound,
  notSupported,
  required,
  ROOT,
  tooLong,
  tooMany,
  typeInvalid,
} from "../../../lib/embedded/schema/field_error.ts";
import type { FieldError } from "../../../lib/embedded/schema/mod.ts";

const TEXTS: readonly (readonly [error: FieldError, reason: string, message: string])[] = [
  [invalid("f", "a", "too bad"), "FieldValueInvalid", 'Invalid value: "a": too bad'],
  [invalid("f", { b: 1 }, ""), "FieldValueInvalid", 'Invalid value: {"b":1}'],
  [typeInvalid("f", 1, "is no string"), "FieldValueTypeInvalid", "Invalid value: 1: is no string"],
  [required("f"), "FieldValueRequired", "Required value"],
  [required("f", "say it"), "FieldValueRequired", "Required value: say it"],
  [
    notSupported("f", "c", ["a", "b"]),
    "FieldValueNotSupported",
    'Unsupported value: "c": supported values: "a", "b"',
  ],
  [notSupported("f", "c", []), "FieldValueNotSupported", 'Unsupported value: "c"'],
  [forbidden("f", "no"), "FieldValueForbidden", "Forbidden: no"],
  [duplicate("f", "a"), "FieldValueDuplicate", 'Duplicate value: "a"'],
  [notFound("f", "a"), "FieldValueNotFound", 'Not found: "a"'],
  [tooLong("f", 1), "FieldValueTooLong", "Too long: may not be more than 1 byte"],
  [tooLong("f", 2), "FieldValueTooLong", "Too long: may not be more than 2 bytes"],
  [tooMany("f", 2, 1), "FieldValueTooMany", "Too many: 2: must have at most 1 item"],
];

for (const [error, reason, message] of TEXTS) {
  Deno.test(`an error says '${message}' for ${reason}`, () => {
    assert.deepEqual(error, { reason, field: "f", message });
  });
}

Deno.test("childPath() and keyPath() name what is in the object as a whole", () => {
  assert.equal(childPath(ROOT, "spec"), "spec");
  assert.equal(childPath("spec", "ports"), "spec.ports");
  assert.equal(keyPath("spec.ports", 0), "spec.ports[0]");
  assert.equal(keyPath(ROOT, "a"), "[a]");
});

Deno.test("distinct() keeps the first of the errors that say the same", () => {
  const [a, b] = [required("a"), required("b")];
  assert.deepEqual(distinct([a, b, required("a")]), [a, b]);
});
