import assert from "node:assert/strict";

import { checkApplied } from "../../../lib/embedded/schema/apply_check.ts";
import { ApplyError, type JsonObject } from "../../../lib/embedded/schema/mod.ts";
import { known, pod, thing, thingKind } from "./_kinds.ts";

const kind = thingKind({
  a: { type: "string" },
  n: { type: "integer" },
  on: { type: "boolean" },
  ports: {
    type: "array",
    items: { type: "object", properties: { port: { type: "integer" } } },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["port"],
  },
});

function refusal(applied: JsonObject, of = kind): ApplyError | undefined {
  try {
    checkApplied(of, applied);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ApplyError);
    return error;
  }
}

Deno.test("checkApplied() lets pass what fits", () => {
  assert.equal(refusal(thing({ a: "x", n: 1, on: null, ports: [{ port: 1 }] })), undefined);
});

Deno.test("checkApplied() refuses another kind", () => {
  const error = refusal({ ...thing({}), kind: "Other" });
  assert.deepEqual([error?.code, error?.message], [
    400,
    "invalid object type: x.io/v1, Kind=Other",
  ]);
  const core = refusal({ apiVersion: "v1", kind: "Pod" });
  assert.equal(core?.message, "invalid object type: /v1, Kind=Pod");
});

Deno.test("checkApplied() refuses managers", () => {
  const error = refusal(thing({}, { metadata: { name: "a", managedFields: [] } }));
  assert.deepEqual([error?.code, error?.message], [400, "metadata.managedFields must be nil"]);
});

const PREFIX = "failed to create typed patch object (/a; x.io/v1, Kind=Thing): ";

const WRONG: readonly (readonly [what: string, spec: JsonObject, problem: string])[] = [
  ["a field that is not there", { typo: 1 }, ".spec.typo: field not declared in schema"],
  [
    "values of other types",
    { a: [1], n: "x", on: 1, ports: {} },
    [
      "errors:",
      "  .spec.a: expected string, got &value.valueUnstructured{Value:[]interface {}{1}}",
      "  .spec.n: expected numeric (int or float), got string",
      "  .spec.on: expected boolean, got &{1}",
      "  .spec.ports: expected list, got &{map[]}",
    ].join("\n"),
  ],
  [
    "an item without its key",
    { ports: [{}] },
    '.spec.ports: element 0: associative list with keys has an element that omits all key fields ["port"] (and doesn\'t have default values for any key fields)',
  ],
  [
    "an item that is there twice",
    { ports: [{ port: 1 }, { port: 1 }] },
    ".spec.ports: duplicate entries for key [port=1]",
  ],
];

for (const [what, spec, problem] of WRONG) {
  Deno.test(`checkApplied() refuses ${what}`, () => {
    const error = refusal(thing(spec));
    assert.deepEqual([error?.code, error?.message], [500, PREFIX + problem]);
  });
}

Deno.test("checkApplied() names items by their keys in a built-in kind", () => {
  const error = refusal(pod({ image: {} }), known("", "Pod"));
  assert.equal(
    error?.message,
    'failed to create typed patch object (n/p; /v1, Kind=Pod): .spec.containers[name="c"].image: expected string, got &value.valueUnstructured{Value:map[string]interface {}{}}',
  );
});
