import assert from "node:assert/strict";

import { validateCreate, validateUpdate } from "../../../lib/embedded/schema/mod.ts";
import { said, thing, thingKind } from "./_kinds.ts";

const kind = thingKind({
  size: { type: "integer", maximum: 3 },
  mode: { type: "string", enum: ["a", "b"] },
  tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
  fixed: {
    type: "integer",
    "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "never changes" }],
  },
}, {
  "x-kubernetes-validations": [{ rule: "size(self.metadata.name) < 3", message: "is too long" }],
});

Deno.test("validateCreate() checks names, schema, lists and rules of a custom resource, in this order", () => {
  const object = thing({ size: 4, tags: ["t", "t"] }, { metadata: { name: "A-B" } });
  const errors = validateCreate(kind, object);
  assert.deepEqual(errors.map(({ field, reason }) => [field, reason]), [
    ["metadata.name", "FieldValueInvalid"],
    ["spec.size", "FieldValueInvalid"],
    ["spec.tags[1]", "FieldValueDuplicate"],
    ["<nil>", "FieldValueInvalid"],
  ]);
});

Deno.test("validateCreate() leaves rules out when a value is not of the type that they expect", () => {
  const object = thing({ mode: "c" }, { metadata: { name: "long" } });
  assert.deepEqual(said(validateCreate(kind, object)), [
    'spec.mode: Unsupported value: "c": supported values: "a", "b"',
    "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
  ]);
});

Deno.test("validateCreate() says nothing of rules where there are none", () => {
  const plain = thingKind({ size: { type: "integer" } });
  assert.deepEqual(said(validateCreate(plain, thing({ size: "1" }))), [
    'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
  ]);
});

Deno.test("validateUpdate() lets stay what was wrong before, and names what is wrong now", () => {
  const old = thing({ size: 9, tags: ["t", "t"], fixed: 1 });
  assert.deepEqual(validateUpdate(kind, thing({ size: 9, tags: ["t", "t", "t"] }), old, ""), []);
  assert.deepEqual(said(validateUpdate(kind, thing({ size: 8, fixed: 2 }), old, "")), [
    "spec.size: Invalid value: 8: spec.size in body should be less than or equal to 3",
    'spec.fixed: Invalid value: "integer": never changes',
  ]);
});

Deno.test("validateUpdate() names items that are there twice only since now", () => {
  const before = thing({ tags: ["t"] });
  assert.deepEqual(said(validateUpdate(kind, thing({ tags: ["t", "t"] }), before, "")), [
    'spec.tags[1]: Duplicate value: "t"',
  ]);
});

Deno.test("validateUpdate() checks only the schema of the status when that is written", () => {
  const old = thing({ size: 9 }, { status: { phase: "Old" } });
  const written = thing({ size: 9 }, { status: { phase: 1 } });
  assert.deepEqual(said(validateUpdate(kind, written, old, "status")), [
    'status.phase: Invalid value: "integer": phase in body must be of type string: "integer"',
    "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
  ]);
});
