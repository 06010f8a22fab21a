import assert from "node:assert/strict";

import { validateCreate, validateUpdate } from "../../../lib/embedded/schema/mod.ts";
import { known, thing, thingKind } from "./_kinds.ts";

/** What names of some kinds may look like. */
const NAMES: readonly (readonly [group: string, kind: string, name: string, fits: boolean])[] = [
  ["", "ServiceAccount", "a.b", true],
  ["", "Namespace", "a.b", false],
  ["", "Namespace", "1a", true],
  ["", "Service", "1a", false],
  ["", "Service", "a1", true],
  ["apps", "StatefulSet", "a.b", false],
  ["rbac.authorization.k8s.io", "ClusterRole", "system:node", true],
  ["rbac.authorization.k8s.io", "ClusterRole", "a/b", false],
];

for (const [group, kind, name, fits] of NAMES) {
  Deno.test(`validateCreate() ${fits ? "takes" : "refuses"} the name '${name}' for a ${kind}`, () => {
    const errors = validateCreate(known(group, kind), { metadata: { name } });
    assert.equal(errors.some(({ field }) => field === "metadata.name"), !fits);
  });
}

Deno.test("validateCreate() says the same thing once", () => {
  const kind = thingKind({});
  const object = thing({}, { metadata: { name: "a", finalizers: ["-", "-"] } });
  assert.equal(validateCreate(kind, object).length, 1);
});

Deno.test("validateUpdate() checks the metadata of a kind that has no checks of its own", () => {
  const old = { metadata: { name: "a", uid: "1" } };
  const errors = validateUpdate(
    known("", "ServiceAccount"),
    { metadata: { name: "a", uid: "2" } },
    old,
    "",
  );
  assert.deepEqual(errors, [{
    reason: "FieldValueInvalid",
    field: "metadata.uid",
    message: 'Invalid value: "2": field is immutable',
  }]);
});
