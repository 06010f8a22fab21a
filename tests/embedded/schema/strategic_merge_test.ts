import assert from "node:assert/strict";

import fc from "fast-check";

import {
  applyStrategicMergePatch,
  asObject,
  type Json,
  type JsonObject,
  PatchError,
} from "../../../lib/embedded/schema/mod.ts";
import { known } from "./_kinds.ts";

const kind = known("", "Pod");

/** Merges a patch into the spec of a pod. */
function mergeSpec(spec: JsonObject, patch: JsonObject): JsonObject {
  return asObject(applyStrategicMergePatch(kind, { spec }, { spec: patch }).spec);
}

interface Case {
  readonly what: string;
  readonly spec: JsonObject;
  readonly patch: JsonObject;
  readonly merged: JsonObject;
}

const A = { name: "a", image: "1" };
const B = { name: "b", image: "2" };
const C = { name: "c", image: "3" };

const CASES: readonly Case[] = [
  {
    what: "merges objects and drops nulls",
    spec: { securityContext: { runAsUser: 1 }, hostname: "h" },
    patch: { securityContext: { runAsGroup: 2 }, hostname: null },
    merged: { securityContext: { runAsUser: 1, runAsGroup: 2 } },
  },
  {
    what: "merges items by their keys, new ones first",
    spec: { containers: [A, B] },
    patch: { containers: [C, { name: "b", image: "9" }] },
    merged: { containers: [C, A, { name: "b", image: "9" }] },
  },
  {
    what: "deletes an item",
    spec: { containers: [A, B] },
    patch: { containers: [{ $patch: "delete", name: "a" }] },
    merged: { containers: [B] },
  },
  {
    what: "replaces a list",
    spec: { containers: [A, B] },
    patch: { containers: [{ $patch: "replace" }, C] },
    merged: { containers: [C] },
  },
  {
    what: "puts items in order",
    spec: { containers: [A, B] },
    patch: {
      "$setElementOrder/containers": [{ name: "b" }, { name: "c" }, { name: "a" }],
      containers: [C],
    },
    merged: { containers: [B, C, A] },
  },
  {
    what: "replaces an object",
    spec: { securityContext: { runAsUser: 1 } },
    patch: { securityContext: { $patch: "replace", runAsGroup: 2 } },
    merged: { securityContext: { runAsGroup: 2 } },
  },
  {
    what: "empties an object",
    spec: { securityContext: { runAsUser: 1 } },
    patch: { securityContext: { $patch: "delete" } },
    merged: { securityContext: {} },
  },
  {
    what: "keeps only the members that are named",
    spec: { volumes: [{ name: "v", emptyDir: {} }] },
    patch: {
      volumes: [{ $retainKeys: ["name", "configMap"], name: "v", configMap: { name: "m" } }],
    },
    merged: { volumes: [{ name: "v", configMap: { name: "m" } }] },
  },
  {
    what: "replaces a list that is one value",
    spec: { containers: [{ name: "a", command: ["x", "y"] }] },
    patch: { containers: [{ name: "a", command: ["z"] }] },
    merged: { containers: [{ name: "a", command: ["z"] }] },
  },
  {
    what: "merges lists in items of lists",
    spec: { containers: [{ name: "a", env: [{ name: "X", value: "1" }] }] },
    patch: { containers: [{ name: "a", env: [{ name: "Y", value: "2" }] }] },
    merged: {
      containers: [{ name: "a", env: [{ name: "Y", value: "2" }, { name: "X", value: "1" }] }],
    },
  },
  {
    what: "drops nulls and directives in what is new",
    spec: {},
    patch: { containers: [{ name: "a", image: null }, { $patch: "delete", name: "b" }] },
    merged: { containers: [{ name: "a" }] },
  },
];

for (const { what, spec, patch, merged } of CASES) {
  Deno.test(`applyStrategicMergePatch() ${what}`, () => {
    assert.deepEqual(mergeSpec(spec, patch), merged);
  });
}

Deno.test("applyStrategicMergePatch() merges sets of finalizers, and deletes from them", () => {
  const target = { metadata: { finalizers: ["a", "b"] } };
  const added = applyStrategicMergePatch(kind, target, { metadata: { finalizers: ["c", "a"] } });
  assert.deepEqual(added, { metadata: { finalizers: ["c", "a", "b"] } });
  const deleted = applyStrategicMergePatch(kind, target, {
    metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] },
  });
  assert.deepEqual(deleted, { metadata: { finalizers: ["b"] } });
});

const WRONG: readonly (readonly [what: string, patch: Json, code: number, message: string])[] = [
  [
    "no object",
    [],
    400,
    "json: cannot unmarshal array into Go value of type map[string]interface {}",
  ],
  [
    "an unknown directive",
    { spec: { $patch: "swap", x: [1, null] } },
    500,
    "unknown patch type: swap in map: map[$patch:swap x:[1 <nil>]]",
  ],
  [
    "an item without its key",
    { spec: { containers: [{ image: "i" }] } },
    500,
    "map: map[image:i] does not contain declared merge key: name",
  ],
  [
    "a merge of lists by a directive",
    { spec: { containers: [{ $patch: "merge", name: "a" }] } },
    500,
    "merging lists cannot yet be specified in the patch",
  ],
  [
    "an order that is no list",
    { spec: { "$setElementOrder/containers": {} } },
    400,
    "invalid patch format of setElementOrder list",
  ],
  [
    "items that are not in their order",
    {
      spec: {
        "$setElementOrder/containers": [{ name: "a" }, { name: "b" }],
        containers: [B, A],
      },
    },
    500,
    "The order in patch list:\n[map[image:2 name:b] map[image:1 name:a]]\n doesn't match $setElementOrder list:\n[map[name:a] map[name:b]]\n",
  ],
  [
    "members that are not retained",
    { spec: { $retainKeys: ["hostname"], nodeName: "n" } },
    400,
    "invalid patch format of retainKeys",
  ],
  [
    "a list to delete from that is none",
    { metadata: { "$deleteFromPrimitiveList/finalizers": "a" } },
    400,
    "invalid patch format of primitive list",
  ],
];

for (const [what, patch, code, message] of WRONG) {
  Deno.test(`applyStrategicMergePatch() refuses ${what}`, () => {
    const target = { metadata: { finalizers: ["a"] }, spec: { containers: [A, B] } };
    assert.throws(() => applyStrategicMergePatch(kind, target, patch), (error) => {
      assert.ok(error instanceof PatchError);
      assert.deepEqual([error.code, error.message], [code, message]);
      return true;
    });
  });
}

const containers = fc.uniqueArray(
  fc.record({ name: fc.constantFrom("a", "b", "c", "d"), image: fc.constantFrom("1", "2") }, {
    noNullPrototype: true,
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
);

Deno.test("applyStrategicMergePatch() finds all items of the patch in the result, and none is lost", () => {
  fc.assert(fc.property(containers, containers, (before, patch) => {
    const merged = [mergeSpec({ containers: before }, { containers: patch }).containers].flat()
      .map(asObject);
    const wanted = [
      ...patch,
      ...before.filter(({ name }) => patch.every((item) => item.name !== name)),
    ];
    const byName = (a: JsonObject, b: JsonObject): number =>
      String(a.name) < String(b.name) ? -1 : 1;
    assert.deepEqual(merged.toSorted(byName), wanted.toSorted(byName));
  }));
});

Deno.test("applyStrategicMergePatch() puts items in the order that the patch gives", () => {
  fc.assert(fc.property(containers, (items) => {
    const order = items.map(({ name }) => ({ name }));
    const patch = { "$setElementOrder/containers": order };
    const sorted = items.toSorted((a, b) => a.name < b.name ? -1 : 1);
    assert.deepEqual(mergeSpec({ containers: sorted }, patch).containers, items);
  }));
});
