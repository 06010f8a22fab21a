import assert from "node:assert/strict";

import {
  asArray,
  asObject,
  type Json,
  type JsonObject,
  managerName,
  updateManagedFields,
  valueAt,
  withValueAt,
} from "../../../lib/embedded/schema/mod.ts";
import { known, thing, thingKind } from "./_kinds.ts";

const kind = thingKind({ a: { type: "integer" }, b: { type: "integer" } });
const [FIRST, SECOND] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"];

function by(
  manager: string,
  time = FIRST,
  subresource = "",
): { readonly manager: string; readonly time: string; readonly subresource: string } {
  return { manager, time, subresource };
}

/** Managers by name and their fields in an object. */
function owners(object: JsonObject): Readonly<Record<string, Json | undefined>> {
  return Object.fromEntries(
    asArray(valueAt(object, "metadata", "managedFields")).map(asObject)
      .map(({ manager, fieldsV1 }) => [String(manager), fieldsV1]),
  );
}

const NAMES: readonly (readonly [manager: string | null, agent: string | null, name: string])[] = [
  ["mine", "kubectl/v1", "mine"],
  [null, "kubectl/v1 (linux)", "kubectl"],
  ["", "a b/1", "a b"],
  [null, null, "unknown"],
  [null, "/1", "unknown"],
  [null, "x".repeat(200), "x".repeat(128)],
];

for (const [manager, agent, name] of NAMES) {
  Deno.test(`managerName() calls ${JSON.stringify([manager, agent?.slice(0, 20)])} '${name.slice(0, 20)}'`, () => {
    assert.equal(managerName(manager, agent), name);
  });
}

Deno.test("updateManagedFields() gives a new object to its creator, but for what nobody owns", () => {
  const object = thing({ a: 1 }, { metadata: { name: "a", uid: "1", labels: { k: "v" } } });
  const created = updateManagedFields(kind, object, undefined, by("one"));
  assert.deepEqual(valueAt(created, "metadata", "managedFields"), [{
    manager: "one",
    operation: "Update",
    apiVersion: "x.io/v1",
    time: FIRST,
    fieldsType: "FieldsV1",
    fieldsV1: {
      "f:metadata": { "f:labels": { ".": {}, "f:k": {} } },
      "f:spec": { ".": {}, "f:a": {} },
    },
  }]);
});

const CREATED = updateManagedFields(kind, thing({ a: 1, b: 1 }), undefined, by("one"));

/** The object with another spec, as a client sends it that has read it. */
function sent(spec: JsonObject): JsonObject {
  return { ...CREATED, spec };
}

Deno.test("updateManagedFields() gives changed fields to who changes them", () => {
  const updated = updateManagedFields(kind, sent({ a: 1, b: 2 }), CREATED, by("two", SECOND));
  assert.deepEqual(owners(updated), {
    one: { "f:spec": { ".": {}, "f:a": {} } },
    two: { "f:spec": { "f:b": {} } },
  });
});

Deno.test("updateManagedFields() takes removed fields from everybody", () => {
  const updated = updateManagedFields(kind, sent({ a: 1 }), CREATED, by("two", SECOND));
  assert.deepEqual(owners(updated), { one: { "f:spec": { ".": {}, "f:a": {} } } });
});

Deno.test("updateManagedFields() changes nothing when nothing changes", () => {
  const updated = updateManagedFields(kind, sent({ a: 1, b: 1 }), CREATED, by("two", SECOND));
  assert.deepEqual(updated, CREATED);
});

Deno.test("updateManagedFields() moves the time of who writes again", () => {
  const updated = updateManagedFields(kind, sent({ a: 2, b: 1 }), CREATED, by("one", SECOND));
  const [only] = asArray(valueAt(updated, "metadata", "managedFields")).map(asObject);
  assert.equal(only?.time, SECOND);
});

Deno.test("updateManagedFields() tells the writers of a status apart, and gives them nothing else", () => {
  const written = { ...sent({ a: 9 }), status: { phase: "Up" } };
  const updated = updateManagedFields(kind, written, CREATED, by("one", SECOND, "status"));
  const entries = asArray(valueAt(updated, "metadata", "managedFields")).map(asObject);
  assert.deepEqual(entries.map(({ manager, subresource }) => [manager, subresource]), [
    ["one", undefined],
    ["one", "status"],
  ]);
  assert.deepEqual(entries[1]?.fieldsV1, { "f:status": { ".": {}, "f:phase": {} } });
});

Deno.test("updateManagedFields() gives nobody a status that is written with the rest", () => {
  const written = { ...sent({ a: 1, b: 1 }), status: { phase: "Up" } };
  const updated = updateManagedFields(kind, written, CREATED, by("two", SECOND));
  assert.deepEqual(owners(updated), owners(CREATED));
});

Deno.test("updateManagedFields() forgets for good when the client asks for it", () => {
  const reset = withValueAt(sent({ a: 2, b: 1 }), ["metadata", "managedFields"], []);
  const forgotten = updateManagedFields(kind, reset, CREATED, by("two", SECOND));
  assert.equal(valueAt(forgotten, "metadata", "managedFields"), undefined);
  const later = updateManagedFields(kind, { ...forgotten, spec: { a: 3 } }, forgotten, by("two"));
  assert.equal(valueAt(later, "metadata", "managedFields"), undefined);
});

Deno.test("updateManagedFields() does not give what Go always writes to the creator of a built-in kind", () => {
  const namespace = { metadata: { name: "n" }, spec: {}, status: {} };
  const created = updateManagedFields(known("", "Namespace"), namespace, undefined, by("one"));
  assert.deepEqual(owners(created), {});
});
