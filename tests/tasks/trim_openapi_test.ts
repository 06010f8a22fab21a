import assert from "node:assert/strict";

import { firstSentence, type JsonObject, trimDefinitions } from "../../tasks/_trim_openapi.ts";

const REF = "#/components/schemas/";

function trim(
  definitions: Readonly<Record<string, JsonObject>>,
  ...roots: readonly string[]
): ReturnType<typeof trimDefinitions> {
  return trimDefinitions(new Map(Object.entries(definitions)), roots);
}

Deno.test("trimDefinitions() keeps what the roots reach, in the order of names, and ends in spite of circles", () => {
  const kept = trim({
    root: { properties: { b: { $ref: `${REF}b` } } },
    b: { items: { $ref: `${REF}a` } },
    a: { additionalProperties: { $ref: `${REF}b` } },
    other: {},
  }, "root");
  assert.deepEqual(Object.keys(kept), ["a", "b", "root"]);
  assert.deepEqual(kept.a, { additionalProperties: { $ref: "b" } });
});

Deno.test("trimDefinitions() makes a reference of one that stands in allOf for the sake of a description", () => {
  const kept = trim({
    root: {
      properties: { a: { allOf: [{ $ref: `${REF}a` }], default: {}, description: "One. Two." } },
    },
    a: { type: "object" },
  }, "root");
  assert.deepEqual(kept.root, {
    properties: { a: { $ref: "a", default: {}, description: "One." } },
  });
});

Deno.test("trimDefinitions() keeps a property that is called like a keyword", () => {
  const property = { type: "string", description: "A text." };
  const root = { properties: { description: property, default: property, $ref: property } };
  assert.deepEqual(trim({ root }, "root").root, root);
});

Deno.test("trimDefinitions() keeps extensions, but for long lists of kinds", () => {
  const kinds = Array.from({ length: 4 }, (_, index) => ({ kind: `K${index}` }));
  const root = { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a"] };
  const list = { ...root, "x-kubernetes-group-version-kind": kinds };
  assert.deepEqual(trim({ list }, "list").list, root);
});

Deno.test("trimDefinitions() misses a definition that nobody has", () => {
  assert.throws(
    () => trim({}, "a"),
    /^RangeError: Cannot keep definition 'a': no document has it$/,
  );
});

const SENTENCES: readonly (readonly [text: string, first: string])[] = [
  ["One. Two.", "One."],
  ["No full stop", "No full stop"],
  ["Some, e.g. these. And more.", "Some, e.g. these."],
  ["Version 1.2 is one. Two.", "Version 1.2 is one."],
  ["A heading\n\nText.", "A heading"],
];

for (const [text, first] of SENTENCES) {
  Deno.test(`firstSentence() of ${JSON.stringify(text)} is '${first}'`, () => {
    assert.equal(firstSentence(text), first);
  });
}
