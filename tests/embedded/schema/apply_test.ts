import assert from "node:assert/strict";

import fc from "fast-check";

import {
  type Applier,
  applyConfiguration,
  ApplyConflictError,
  applyDefaults,
  asArray,
  asObject,
  type Json,
  type JsonObject,
  prepareForUpdate,
  sameJson,
  updateManagedFields,
  valueAt,
} from "../../../lib/embedded/schema/mod.ts";
import { thing, thingKind } from "./_kinds.ts";

const kind = thingKind({
  a: { type: "integer" },
  b: { type: "integer" },
  map: { type: "object", additionalProperties: { type: "string" } },
  set: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
  list: {
    type: "array",
    items: {
      type: "object",
      properties: { name: { type: "string" }, n: { type: "integer" }, m: { type: "integer" } },
    },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["name"],
  },
});

function by(manager: string, force = false, time = "2026-01-01T00:00:00Z"): Applier {
  return { manager, force, subresource: "", time };
}

/** Applies some specs one after the other, each by a manager. */
function applied(...all: readonly (readonly [manager: string, spec: JsonObject])[]): JsonObject {
  const live = all.reduce(
    (object: JsonObject | undefined, [manager, spec]) =>
      applyDefaults(kind, applyConfiguration(kind, object, thing(spec), by(manager, true))),
    undefined,
  );
  assert.ok(live);
  return live;
}

/** Managers by name and their fields in an object. */
function owners(object: JsonObject): Readonly<Record<string, Json | undefined>> {
  return Object.fromEntries(
    asArray(valueAt(object, "metadata", "managedFields")).map(asObject)
      .map(({ manager, fieldsV1 }) => [String(manager), fieldsV1]),
  );
}

interface Case {
  readonly what: string;
  readonly steps: readonly (readonly [manager: string, spec: JsonObject])[];
  readonly spec: JsonObject;
  readonly owners: Readonly<Record<string, JsonObject>>;
}

const CASES: readonly Case[] = [
  {
    what: "creates an object of what is applied",
    steps: [["one", { a: 1 }]],
    spec: { a: 1 },
    owners: { one: { "f:a": {} } },
  },
  {
    what: "adds what others apply",
    steps: [["one", { a: 1 }], ["two", { b: 2 }]],
    spec: { a: 1, b: 2 },
    owners: { one: { "f:a": {} }, two: { "f:b": {} } },
  },
  {
    what: "lets two own a field that both want the same",
    steps: [["one", { a: 1 }], ["two", { a: 1 }]],
    spec: { a: 1 },
    owners: { one: { "f:a": {} }, two: { "f:a": {} } },
  },
  {
    what: "gives a field to who forces another value on it",
    steps: [["one", { a: 1, b: 1 }], ["two", { a: 2 }]],
    spec: { a: 2, b: 1 },
    owners: { one: { "f:b": {} }, two: { "f:a": {} } },
  },
  {
    what: "removes what is no longer applied",
    steps: [["one", { a: 1, b: 1 }], ["one", { b: 1 }]],
    spec: { b: 1 },
    owners: { one: { "f:b": {} } },
  },
  {
    what: "keeps what is no longer applied but owned by another",
    steps: [["one", { a: 1, b: 1 }], ["two", { a: 1 }], ["one", { b: 1 }]],
    spec: { a: 1, b: 1 },
    owners: { one: { "f:b": {} }, two: { "f:a": {} } },
  },
  {
    what: "merges entries of maps and items of sets",
    steps: [
      ["one", { map: { k: "1" }, set: ["x"] }],
      ["two", { map: { l: "2" }, set: ["y", "x"] }],
      ["one", { map: { k: "1" } }],
    ],
    spec: { map: { k: "1", l: "2" }, set: ["y", "x"] },
    owners: {
      one: { "f:map": { "f:k": {} } },
      two: { "f:map": { "f:l": {} }, "f:set": { 'v:"x"': {}, 'v:"y"': {} } },
    },
  },
  {
    what: "keeps an item as long as somebody owns a field of it",
    steps: [
      ["one", { list: [{ name: "q", n: 1 }] }],
      ["two", { list: [{ name: "q", m: 2 }] }],
      ["one", {}],
    ],
    spec: { list: [{ name: "q", m: 2 }] },
    owners: { two: { "f:list": { 'k:{"name":"q"}': { ".": {}, "f:name": {}, "f:m": {} } } } },
  },
];

for (const { what, steps, spec, owners: wanted } of CASES) {
  Deno.test(`applyConfiguration() ${what}`, () => {
    const object = applied(...steps);
    assert.deepEqual(object.spec, spec);
    // An empty spec is owned, too.
    const inSpec = Object.entries(owners(object)).flatMap(([manager, fields]) => {
      const own = asObject(asObject(fields)["f:spec"]);
      return Object.keys(own).length > 0 ? [[manager, own] as const] : [];
    });
    assert.deepEqual(Object.fromEntries(inSpec), wanted);
  });
}

Deno.test("applyConfiguration() refuses to change fields of others, unless it is forced", () => {
  const live = applied(["one", { a: 1, b: 1 }]);
  const wanted = thing({ a: 2 });
  assert.throws(() => applyConfiguration(kind, live, wanted, by("two")), (error) => {
    assert.ok(error instanceof ApplyConflictError);
    assert.equal(error.message, 'Apply failed with 1 conflict: conflict with "one": .spec.a');
    return true;
  });
  const forced = applyConfiguration(kind, live, wanted, by("two", true));
  assert.deepEqual(forced.spec, { a: 2, b: 1 });
});

Deno.test("applyConfiguration() finds a conflict with who wrote an object before fields had managers", () => {
  const live = thing({ a: 1 });
  assert.throws(
    () => applyConfiguration(kind, live, thing({ a: 2 }), by("one")),
    /^ApplyConflictError: Apply failed with 1 conflict: conflict with "before-first-apply" using x\.io\/v1: \.spec\.a$/,
  );
});

Deno.test("applyConfiguration() takes an update for an owner like any other", () => {
  const live = applied(["one", { a: 1 }]);
  const patched = updateManagedFields(kind, { ...live, spec: { a: 3 } }, live, by("editor"));
  assert.throws(
    () => applyConfiguration(kind, patched, thing({ a: 1 }), by("one")),
    /conflict with "editor" using x\.io\/v1: \.spec\.a$/,
  );
});

const spec = fc.record({
  a: fc.integer({ max: 2, min: 0 }),
  b: fc.integer({ max: 2, min: 0 }),
  map: fc.dictionary(fc.constantFrom("k", "l"), fc.constantFrom("1", "2"), { minKeys: 1 }),
  set: fc.uniqueArray(fc.constantFrom("x", "y", "z"), { minLength: 1 }),
  list: fc.uniqueArray(
    fc.record({ name: fc.constantFrom("q", "r", "s"), n: fc.integer({ max: 1, min: 0 }) }, {
      requiredKeys: ["name"],
    }),
    { selector: ({ name }) => name, minLength: 1 },
  ),
}, { requiredKeys: [] });
const step = fc.tuple(fc.constantFrom("one", "two", "three"), spec);
const steps = fc.array(step, { minLength: 1, maxLength: 4 });

Deno.test("applyConfiguration() changes nothing when the same is applied again", () => {
  fc.assert(fc.property(steps, (all) => {
    const live = applied(...all);
    const [manager, last] = all.at(-1) ?? ["one", {}];
    const later = by(manager, false, "2026-02-01T00:00:00Z");
    const again = applyDefaults(kind, applyConfiguration(kind, live, thing(last), later));
    assert.ok(sameJson(prepareForUpdate(kind, again, live, ""), live));
  }));
});

Deno.test("applyConfiguration() with force always gets what it wants", () => {
  fc.assert(fc.property(steps, (all) => {
    const live = applied(...all);
    const [, last] = all.at(-1) ?? ["one", {}];
    for (const name of ["a", "b"] as const) {
      if (last[name] !== undefined) assert.equal(valueAt(live, "spec", name), last[name]);
    }
    const names = asArray(valueAt(live, "spec", "list")).map((item) => asObject(item).name);
    for (const { name } of last.list ?? []) assert.ok(names.includes(name));
  }));
});

Deno.test("applyConfiguration() leaves nothing of who stops applying anything", () => {
  fc.assert(fc.property(spec, (wanted) => {
    const live = applied(["one", wanted], ["one", {}]);
    const left = Object.values(asObject(live.spec)).filter((value) => value !== null);
    assert.deepEqual(left, []);
  }));
});
