import assert from "node:assert/strict";

import {
  apiVersionOf,
  controllerOf,
  isOlderVersion,
  NAMESPACES,
  objectKey,
  PODS,
  resourcePath,
  splitKey,
  STATEFUL_SETS,
} from "../../lib/kube/mod.ts";

Deno.test("objectKey() joins namespace and name, and splitKey() parts them", () => {
  assert.equal(objectKey({ metadata: { namespace: "ns", name: "a" } }), "ns/a");
  assert.equal(objectKey({ metadata: { name: "a" } }), "a");
  assert.deepEqual(splitKey("ns/a"), { namespace: "ns", name: "a" });
  assert.deepEqual(splitKey("a"), { name: "a" });
});

Deno.test("objectKey() throws a TypeError when there is no name", () => {
  assert.throws(() => objectKey({ kind: "Pod" }), {
    name: "TypeError",
    message: "Cannot make a key of a Pod: it has no name",
  });
});

Deno.test("controllerOf() finds the one owner that controls", () => {
  const owner = { apiVersion: "v1", kind: "X", name: "x", uid: "1" };
  const controller = { ...owner, uid: "2", controller: true };
  assert.equal(
    controllerOf({ metadata: { ownerReferences: [owner, controller] } }),
    controller,
  );
  assert.equal(controllerOf({ metadata: { ownerReferences: [owner] } }), undefined);
  assert.equal(controllerOf({}), undefined);
});

Deno.test("resourcePath() and apiVersionOf() tell the core group from the others", () => {
  assert.equal(resourcePath(PODS, "ns"), "/api/v1/namespaces/ns/pods");
  assert.equal(resourcePath(NAMESPACES), "/api/v1/namespaces");
  assert.equal(resourcePath(NAMESPACES, "ns"), "/api/v1/namespaces", "it has none");
  assert.equal(resourcePath(STATEFUL_SETS), "/apis/apps/v1/statefulsets");
  assert.equal(apiVersionOf(PODS), "v1");
  assert.equal(apiVersionOf(STATEFUL_SETS), "apps/v1");
});

for (
  const [a, b, expected] of [
    ["9", "10", true],
    ["10", "9", false],
    ["10", "10", false],
    // Beyond what a number can hold.
    ["9007199254740992", "9007199254740993", true],
    ["0", "1", false],
    ["a", "b", false],
    ["1", "b", false],
    ["", "1", false],
  ] as const
) {
  Deno.test(`isOlderVersion('${a}', '${b}') is ${expected}`, () => {
    assert.equal(isOlderVersion(a, b), expected);
  });
}
