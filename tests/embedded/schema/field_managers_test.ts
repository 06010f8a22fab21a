import assert from "node:assert/strict";

import {
  capUpdaters,
  disown,
  type FieldManagers,
  managerId,
  managersOfWrite,
  readManagers,
  writeManagers,
} from "../../../lib/embedded/schema/field_managers.ts";
import { fieldSetOf, pathsOf } from "../../../lib/embedded/schema/field_set.ts";
import type { Json } from "../../../lib/embedded/schema/mod.ts";

function entry(manager: string, more: Readonly<Record<string, Json>> = {}): Json {
  return {
    manager,
    operation: "Update",
    apiVersion: "v1",
    time: "2026-01-01T00:00:00Z",
    fieldsType: "FieldsV1",
    fieldsV1: { "f:spec": { "f:a": {} } },
    ...more,
  };
}

function read(...entries: readonly Json[]): FieldManagers {
  const managers = readManagers(entries);
  assert.ok(managers);
  return managers;
}

function namesOf(managers: FieldManagers): readonly string[] {
  return [...managers.values()].map(({ manager }) => manager);
}

Deno.test("writeManagers() writes what readManagers() has read", () => {
  const entries = [entry("a"), entry("b", { subresource: "status" })];
  assert.deepEqual(writeManagers(read(...entries)), entries);
});

Deno.test("writeManagers() sorts by operation, time and name", () => {
  const managers = read(
    entry("c", { time: "2026-01-02T00:00:00Z" }),
    entry("b"),
    entry("a"),
    entry("z", { operation: "Apply", time: "2026-01-03T00:00:00Z" }),
  );
  const written = writeManagers(managers).map((each) => JSON.stringify(each));
  assert.deepEqual(written.map((text) => /"manager":"(.)"/.exec(text)?.[1]), ["z", "a", "b", "c"]);
});

const UNREADABLE: readonly Json[] = [
  1,
  entry("a", { operation: "Guess" }),
  entry("a", { fieldsType: "FieldsV2" }),
  { manager: "a", operation: "Update", fieldsType: "FieldsV1" },
];

for (const unreadable of UNREADABLE) {
  Deno.test(`readManagers() cannot read ${JSON.stringify(unreadable)}`, () => {
    assert.equal(readManagers([unreadable]), undefined);
  });
}

Deno.test("managerId() is the same for an applier in every version, and not for an updater", () => {
  const writer = { manager: "a", apiVersion: "v1", subresource: "" };
  const id = (operation: string, apiVersion: string): string =>
    managerId({ ...writer, operation, apiVersion });
  assert.equal(id("Apply", "v1"), id("Apply", "v2"));
  assert.notEqual(id("Update", "v1"), id("Update", "v2"));
  assert.notEqual(id("Apply", "v1"), id("Update", "v1"));
});

const LIVE = { metadata: { managedFields: [entry("live")] } };

const WRITES: readonly (readonly [
  what: string,
  sent: Json | undefined,
  subresource: string,
  names: readonly string[],
])[] = [
  ["keeps those of the live object when the client sends none", undefined, "", ["live"]],
  ["takes those that the client sends", [entry("sent")], "", ["sent"]],
  ["keeps those of the live object when the client sends what cannot be read", [1], "", ["live"]],
  ["forgets all for an empty list", [], "", []],
  ["forgets all for one empty entry", [{}], "", []],
  ["keeps those of the live object through a subresource", [], "status", ["live"]],
];

for (const [what, managedFields, subresource, names] of WRITES) {
  Deno.test(`managersOfWrite() ${what}`, () => {
    const object = { metadata: managedFields === undefined ? {} : { managedFields } };
    assert.deepEqual(namesOf(managersOfWrite(object, LIVE, subresource)), names);
  });
}

Deno.test("disown() forgets a manager that has nothing left", () => {
  const managers = read(
    entry("a"),
    entry("b", { fieldsV1: { "f:spec": { "f:a": {}, "f:b": {} } } }),
  );
  const left = disown(managers, () => fieldSetOf(["f:spec", "f:a"]));
  const [only] = [...left.values()];
  assert.deepEqual(namesOf(left), ["b"]);
  assert.deepEqual(only && pathsOf(only.fields), [["f:spec", "f:b"]]);
});

Deno.test("capUpdaters() throws together the oldest of more than ten", () => {
  const updaters = Array.from({ length: 12 }, (_, index) =>
    entry(`m${index}`, {
      time: `2026-01-${String(index + 10)}T00:00:00Z`,
      fieldsV1: { [`f:${index}`]: {} },
    }));
  const appliers = [entry("applier", { operation: "Apply" })];
  assert.equal(capUpdaters(read(...updaters.slice(2))).size, 10);
  const capped = capUpdaters(read(...updaters, ...appliers));
  assert.deepEqual(
    namesOf(capped).toSorted(),
    [
      "ancient-changes",
      "applier",
      ...updaters.slice(3).map((_, index) => `m${index + 3}`),
    ].toSorted(),
  );
  const ancient = [...capped.values()].find(({ manager }) => manager === "ancient-changes");
  assert.deepEqual(ancient && pathsOf(ancient.fields), [
    ["f:0"],
    ["f:1"],
    ["f:2"],
  ]);
  assert.equal(ancient?.time, "2026-01-12T00:00:00Z");
});
