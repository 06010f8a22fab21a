import assert from "node:assert/strict";

import { type FieldSet, pathsOf, pathText } from "../../../lib/embedded/schema/field_set.ts";
import { changedFields, compareFields, fieldsOf } from "../../../lib/embedded/schema/field_walk.ts";
import { type JsonObject, Schema, type SchemaSource } from "../../../lib/embedded/schema/mod.ts";

const ITEM: SchemaSource = {
  type: "object",
  properties: { name: { type: "string" }, n: { type: "integer" } },
};

const schema = new Schema({
  type: "object",
  properties: {
    a: { type: "integer" },
    struct: { type: "object", properties: { b: { type: "integer" } } },
    map: { type: "object", additionalProperties: { type: "string" } },
    atom: { type: "object", "x-kubernetes-map-type": "atomic" },
    list: { type: "array" },
    set: { type: "array", "x-kubernetes-list-type": "set" },
    keyed: {
      type: "array",
      items: ITEM,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
    open: {},
  },
});

function texts(set: FieldSet): readonly string[] {
  return pathsOf(set).map(pathText);
}

const FIELDS: readonly (readonly [what: string, object: JsonObject, fields: readonly string[]])[] =
  [
    ["a field with a value", { a: 1 }, [".a"]],
    ["what is in an object, not the object", { struct: { b: 1 } }, [".struct.b"]],
    ["an object without anything in it", { struct: {} }, [".struct"]],
    ["the entries of a map", { map: { k: "v" } }, [".map.k"]],
    ["an object that is one value, as one", { atom: { k: { l: 1 } } }, [".atom"]],
    ["a plain list as one", { list: [1, 2] }, [".list"]],
    ["the items of a set", { set: ["x", "y"] }, ['.set[="x"]', '.set[="y"]']],
    [
      "the items of a list with keys, and what is in them",
      { keyed: [{ name: "c", n: 1 }] },
      ['.keyed[name="c"]', '.keyed[name="c"].n', '.keyed[name="c"].name'],
    ],
    ["entries of an object that nobody knows, and what is in them", { open: { k: { l: 1 } } }, [
      ".open.k",
      ".open.k.l",
    ]],
    ["null", { a: null, struct: null }, [".a", ".struct"]],
  ];

for (const [what, object, fields] of FIELDS) {
  Deno.test(`fieldsOf() has ${what}`, () => {
    assert.deepEqual(texts(fieldsOf(object, schema)), fields);
  });
}

interface Case {
  readonly what: string;
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly added?: readonly string[];
  readonly modified?: readonly string[];
  readonly removed?: readonly string[];
}

const COMPARISONS: readonly Case[] = [
  { what: "finds nothing in what is the same", before: { a: 1 }, after: { a: 1 } },
  {
    what: "tells apart what comes, changes and goes",
    before: { a: 1, map: { k: "1", l: "1" } },
    after: { map: { k: "2", m: "1" }, list: [1] },
    added: [".list", ".map.m"],
    modified: [".map.k"],
    removed: [".a", ".map.l"],
  },
  {
    what: "compares items of a list by their keys, wherever they stand",
    before: { keyed: [{ name: "c", n: 1 }, { name: "d", n: 1 }] },
    after: { keyed: [{ name: "d", n: 1 }, { name: "c", n: 2 }] },
    modified: ['.keyed[name="c"].n'],
  },
  {
    what: "finds items that come and go with all that is in them",
    before: { keyed: [{ name: "c", n: 1 }], set: ["x"] },
    after: { keyed: [{ name: "d" }], set: ["y"] },
    added: ['.keyed[name="d"]', '.keyed[name="d"].name', '.set[="y"]'],
    removed: [
      '.keyed[name="c"]',
      '.keyed[name="c"].n',
      '.keyed[name="c"].name',
      '.set[="x"]',
    ],
  },
  {
    what: "compares as one what is owned as one",
    before: { atom: { a: 1 }, list: [1, 2] },
    after: { atom: { a: 2 }, list: [2, 1] },
    modified: [".atom", ".list"],
  },
];

for (const { what, before, after, added = [], modified = [], removed = [] } of COMPARISONS) {
  Deno.test(`compareFields() ${what}`, () => {
    const comparison = compareFields(before, after, schema);
    assert.deepEqual(texts(comparison.added).toSorted(), added);
    assert.deepEqual(texts(comparison.modified), modified);
    assert.deepEqual(texts(comparison.removed).toSorted(), removed);
    assert.deepEqual(texts(changedFields(comparison)).toSorted(), [...added, ...modified].sort());
  });
}
