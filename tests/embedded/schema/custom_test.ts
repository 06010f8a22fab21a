import assert from "node:assert/strict";

import { customKind } from "../../../lib/embedded/schema/mod.ts";
import { thingDefinition, thingKind } from "./_kinds.ts";

Deno.test("customKind() takes names, subresources and the schema of one version", () => {
  const { group, version, kind, custom, hasStatus, root } = thingKind({ a: { type: "integer" } });
  assert.deepEqual({ group, version, kind, custom, hasStatus }, {
    group: "x.io",
    version: "v1",
    kind: "Thing",
    custom: true,
    hasStatus: true,
  });
  assert.equal(root.property("spec")?.property("a")?.source.type, "integer");
});

Deno.test("customKind() adds apiVersion, kind and metadata, and keeps the declared schema as it is", () => {
  const { root, declared } = thingKind({});
  assert.equal(root.property("kind")?.source.type, "string");
  assert.ok(root.property("metadata")?.property("ownerReferences"));
  assert.equal(declared?.property("metadata"), undefined);
});

Deno.test("customKind() takes anything when a version has no schema", () => {
  const definition = {
    metadata: { name: "d" },
    spec: { group: "x.io", versions: [{ name: "v1" }] },
  };
  const { root, hasStatus } = customKind(definition, "v1");
  assert.equal(root.source["x-kubernetes-preserve-unknown-fields"], true);
  assert.equal(hasStatus, false);
});

Deno.test("customKind() refuses a version that the definition does not have", () => {
  assert.throws(
    () => customKind(thingDefinition({}), "v2"),
    /^RangeError: Cannot read CustomResourceDefinition 'things\.x\.io': it has no version 'v2'$/,
  );
});
