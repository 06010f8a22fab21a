import assert from "node:assert/strict";

import { applyDefaults } from "../../../lib/embedded/schema/mod.ts";
import { builtInKinds, thing, thingKind } from "./_kinds.ts";

const kind = thingKind({ size: { type: "integer", default: 3 } });

Deno.test("applyDefaults() fills in a custom resource by its schema", () => {
  assert.deepEqual(applyDefaults(kind, thing({})), thing({ size: 3 }));
});

Deno.test("applyDefaults() gives the metadata of a custom resource the shape of its Go type", () => {
  const given = thing({ size: 1 }, {
    metadata: { name: "a", labels: {}, creationTimestamp: "2026-01-01T01:00:00+01:00" },
  });
  const metadata = { name: "a", creationTimestamp: "2026-01-01T00:00:00Z" };
  assert.deepEqual(applyDefaults(kind, given), thing({ size: 1 }, { metadata }));
});

Deno.test("applyDefaults() has nothing to do a second time, whatever the built-in kind", () => {
  for (const builtIn of builtInKinds()) {
    const once = applyDefaults(builtIn, { metadata: { name: "a" }, spec: {} });
    assert.deepEqual(applyDefaults(builtIn, once), once, builtIn.kind);
  }
});
