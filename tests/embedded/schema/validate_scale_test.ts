/** What the scale subresource asks of a custom resource; the messages are those of a real kube-apiserver 1.34. */

import assert from "node:assert/strict";

import {
  customKind,
  type JsonObject,
  validateCreate,
  validateUpdate,
} from "../../../lib/embedded/schema/mod.ts";
import { said } from "./_kinds.ts";

/** A kind whose schema allows anything, so that only the scale complains. */
const kind = customKind({
  spec: {
    group: "x.io",
    names: { kind: "Thing" },
    versions: [{
      name: "v1",
      subresources: {
        status: {},
        scale: {
          specReplicasPath: ".spec.size",
          statusReplicasPath: ".status.size",
          labelSelectorPath: ".status.selector",
        },
      },
      schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    }],
  },
}, "v1");

function thing(spec: JsonObject, status: JsonObject = {}): JsonObject {
  return { apiVersion: "x.io/v1", kind: "Thing", metadata: { name: "a" }, spec, status };
}

const REPLICAS: readonly (readonly [value: JsonObject[string], said: string])[] = [
  [-1, ".spec.size: Invalid value: -1: should be a non-negative integer"],
  [2 ** 31, ".spec.size: Invalid value: 2147483648: should be less than or equal to 2147483647"],
  [
    "x",
    ".spec.size: Invalid value: 0: .spec.size accessor error: x is of the type string, expected int64",
  ],
  [
    1.5,
    ".spec.size: Invalid value: 0: .spec.size accessor error: 1.5 is of the type float64, expected int64",
  ],
  [
    [3, true],
    ".spec.size: Invalid value: 0: .spec.size accessor error: [3 true] is of the type []interface {}, expected int64",
  ],
  [
    { b: 1, a: null },
    ".spec.size: Invalid value: 0: .spec.size accessor error: map[a:<nil> b:1] is of the type map[string]interface {}, expected int64",
  ],
];

for (const [value, message] of REPLICAS) {
  Deno.test(`validateCreate() refuses ${JSON.stringify(value)} replicas of a custom resource`, () => {
    assert.deepEqual(said(validateCreate(kind, thing({ size: value }))), [message]);
  });
}

Deno.test("validateCreate() takes replicas that are right, or not there", () => {
  for (const spec of [{}, { size: 0 }, { size: 2 ** 31 - 1 }]) {
    assert.deepEqual(validateCreate(kind, thing(spec)), []);
  }
});

Deno.test("validateCreate() names what has no members on the way to the replicas", () => {
  const flat = { ...thing({}), spec: 3 };
  assert.deepEqual(said(validateCreate(kind, flat)), [
    ".spec.size: Invalid value: 0: .spec.size accessor error: 3 is of the type int64, expected map[string]interface{}",
  ]);
});

Deno.test("validateUpdate() of a status looks at its replicas and its selector alone", () => {
  const old = thing({ size: 1 });
  const next = thing({ size: -1 }, { size: -2, selector: 7 });
  const status = [
    ".status.size: Invalid value: -2: should be a non-negative integer",
    '.status.selector: Invalid value: "": .status.selector accessor error: 7 is of the type int64, expected string',
  ];
  assert.deepEqual(said(validateUpdate(kind, next, old, "status")), status);
  assert.deepEqual(said(validateUpdate(kind, next, old, "")), [
    ".spec.size: Invalid value: -1: should be a non-negative integer",
    ...status,
  ]);
});
