import assert from "node:assert/strict";

import { Schema } from "../../../lib/embedded/schema/mod.ts";
import { known } from "./_kinds.ts";

Deno.test("Schema adds what stands beside a reference to the definition", () => {
  const definitions = { Base: { type: "string", description: "base" } };
  const schema = new Schema({ $ref: "Base", description: "own" }, definitions);
  assert.deepEqual(schema.source, { type: "string", description: "own" });
  assert.equal(schema.definition, "Base");
});

Deno.test("Schema keeps the children that it has made", () => {
  const schema = new Schema({ properties: { a: { type: "string" } }, items: {} });
  assert.equal(schema.property("a"), schema.property("a"));
  assert.equal(schema.items, schema.items);
});

Deno.test("Schema does not take inherited members for properties", () => {
  assert.equal(new Schema({ properties: {} }).property("constructor"), undefined);
});

Deno.test("Schema.child() is the schema of all other members where there is one", () => {
  const schema = new Schema({ additionalProperties: { type: "integer" } });
  assert.equal(schema.child("anything")?.source.type, "integer");
  assert.equal(new Schema({ additionalProperties: false }).child("anything"), undefined);
});

Deno.test("Schema goes down a recursive definition as deep as it is asked to", () => {
  let schema = known("apiextensions.k8s.io", "CustomResourceDefinition").root.property("spec")
    ?.property("versions")?.items?.property("schema")?.property("openAPIV3Schema");
  for (let depth = 0; depth < 1000; depth++) schema = schema?.property("properties")?.additional;
  assert.equal(schema?.property("type")?.source.type, "string");
});

Deno.test("Schema says which definition is missing when it is asked for", () => {
  assert.throws(() => new Schema({ $ref: "Nothing" }).source, /Cannot resolve schema 'Nothing'/);
});
