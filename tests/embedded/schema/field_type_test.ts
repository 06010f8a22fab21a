import assert from "node:assert/strict";

import {
  fieldType,
  itemElement,
  itemElementOrNone,
  type ListType,
  memberSchema,
} from "../../../lib/embedded/schema/field_type.ts";
import { type Json, Schema, type SchemaSource } from "../../../lib/embedded/schema/mod.ts";
import { known } from "./_kinds.ts";

function keyed(keys: readonly string[], items: SchemaSource = { type: "object" }): Schema {
  return new Schema({
    type: "array",
    items,
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": keys,
  });
}

function listType(schema: Schema): ListType {
  const type = fieldType(schema, []);
  assert.ok(type.is === "list");
  return type;
}

const TYPES: readonly (readonly [
  what: string,
  schema: SchemaSource,
  value: Json,
  is: string,
  atomic: boolean,
])[] = [
  ["a text", { type: "string" }, "a", "scalar", false],
  ["an object", { type: "object" }, {}, "map", false],
  [
    "an object that is one value",
    { type: "object", "x-kubernetes-map-type": "atomic" },
    {},
    "map",
    true,
  ],
  ["a plain list", { type: "array" }, [], "list", true],
  ["a set", { type: "array", "x-kubernetes-list-type": "set" }, [], "list", false],
  ["an object of no known type", {}, {}, "map", false],
  ["a list of no known type", {}, [], "list", true],
  ["a text of no known type", {}, "a", "scalar", false],
];

for (const [what, schema, value, is, atomic] of TYPES) {
  Deno.test(`fieldType() takes ${what} for a ${is}${atomic ? " that is owned as one" : ""}`, () => {
    const type = fieldType(new Schema(schema), value);
    assert.equal(type.is, is);
    assert.equal(type.is !== "scalar" && type.atomic, atomic);
  });
}

Deno.test("fieldType() takes the merge key of a patch where a built-in list has no other", () => {
  const status = known("", "Node").root.property("status");
  const addresses = status?.property("addresses");
  assert.ok(addresses);
  assert.deepEqual(listType(addresses).keys, ["type"]);
});

Deno.test("itemElement() names items by their keys in order, with their defaults", () => {
  const items: SchemaSource = {
    type: "object",
    properties: { protocol: { type: "string", default: "TCP" } },
  };
  const type = listType(keyed(["protocol", "port"], items));
  assert.equal(itemElement({ port: 1 }, type), 'k:{"port":1,"protocol":"TCP"}');
});

Deno.test("itemElement() names items of a set by their values", () => {
  const type = listType(new Schema({ type: "array", "x-kubernetes-list-type": "set" }));
  assert.equal(itemElement("a", type), 'v:"a"');
});

const NAMELESS: readonly (readonly [item: Json, schema: Schema, says: string])[] = [
  [null, keyed(["k"]), "associative list with keys may not have a null element"],
  ["a", keyed(["k"]), "associative list with keys may not have non-map elements"],
  [
    {},
    keyed(["k"]),
    'associative list with keys has an element that omits all key fields ["k"] (and doesn\'t have default values for any key fields)',
  ],
];

for (const [item, schema, says] of NAMELESS) {
  Deno.test(`itemElement() has no name for ${JSON.stringify(item)}`, () => {
    const type = listType(schema);
    assert.throws(() => itemElement(item, type), new RangeError(says));
    assert.equal(itemElementOrNone(item, type), undefined);
  });
}

Deno.test("memberSchema() knows no more than the schema does, unless that is open", () => {
  const closed = new Schema({ type: "object", properties: { a: {} } });
  assert.ok(memberSchema(closed, "a"));
  assert.equal(memberSchema(closed, "b"), undefined);
  const open = { ...closed.source, "x-kubernetes-preserve-unknown-fields": true };
  assert.ok(memberSchema(new Schema(open), "b"));
  assert.ok(memberSchema(new Schema({ type: "object" }), "b"));
});
