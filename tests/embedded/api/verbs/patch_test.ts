import assert from "node:assert/strict";

import { CONFIG_MAPS, startApi } from "../_client.ts";

const A = `${CONFIG_MAPS}/a`;

Deno.test("patch changes an object by a merge, a JSON and a strategic merge patch", async () => {
  await using api = await startApi();
  await api.configMap("a", { labels: { x: "1" } }, { a: "1", b: "2" });
  const merged = await api.patch(A, { data: { b: null, c: "3" } });
  assert.deepEqual(merged.body.data, { a: "1", c: "3" });
  const edited = await api.patch(A, [{ op: "test", path: "/data/a", value: "1" }, {
    op: "add",
    path: "/data/d",
    value: "4",
  }], "json-patch+json");
  assert.deepEqual(edited.body.data, { a: "1", c: "3", d: "4" });
  const strategic = await api.patch(A, { data: { a: null, e: "5" } }, "strategic-merge-patch+json");
  assert.deepEqual(strategic.body.data, { c: "3", d: "4", e: "5" });
  assert.deepEqual(strategic.body.metadata.labels, { x: "1" });
});

Deno.test("patch that changes nothing makes no new revision", async () => {
  await using api = await startApi();
  const created = await api.configMap("a", {}, { a: "1" });
  for (const patch of [{}, { data: { a: "1" } }, { data: { nothing: null } }]) {
    assert.deepEqual((await api.patch(A, patch)).body, created);
  }
});

Deno.test("patch with a revision holds only for that revision", async () => {
  await using api = await startApi();
  const { metadata } = await api.configMap("a");
  const { resourceVersion } = metadata;
  assert.equal(
    (await api.patch(A, { metadata: { resourceVersion }, data: { a: "1" } })).status,
    200,
  );
  assert.equal(
    (await api.patch(A, { metadata: { resourceVersion }, data: { a: "2" } })).status,
    409,
  );
});

Deno.test("patch with dryRun=All shows the outcome and stores nothing", async () => {
  await using api = await startApi();
  await api.configMap("a");
  const before = api.server.revision;
  assert.deepEqual((await api.patch(`${A}?dryRun=All`, { data: { a: "1" } })).body.data, {
    a: "1",
  });
  assert.equal(api.server.revision, before);
  assert.equal((await api.get(A)).body.data, undefined);
});

const REJECTED = "the server rejected our request due to an error in our request";

// What a kube-apiserver 1.34 answered.
for (
  const [kind, patch, code, message] of [
    [
      "merge-patch+json",
      { metadata: { name: "b" } },
      400,
      "the name of the object (b) does not match the name on the URL (a)",
    ],
    [
      "merge-patch+json",
      { metadata: { uid: "b" } },
      422,
      'ConfigMap "a" is invalid: metadata.uid: Invalid value: "b": field is immutable',
    ],
    [
      "merge-patch+json",
      { metadata: { deletionTimestamp: "2020-01-01T00:00:00Z" } },
      422,
      'ConfigMap "a" is invalid: metadata.deletionTimestamp: Invalid value: "2020-01-01T00:00:00Z": field is immutable',
    ],
    [
      "merge-patch+json",
      { metadata: { namespace: "b" } },
      400,
      "the namespace of the provided object does not match the namespace sent on the request",
    ],
    [
      "merge-patch+json",
      { metadata: null },
      400,
      "the name of the object (a based on URL) was undeterminable: name must be provided",
    ],
    [
      "merge-patch+json",
      "[1]",
      400,
      "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    ],
    [
      "merge-patch+json",
      "x",
      400,
      "error decoding patch: invalid character 'x' looking for beginning of value",
    ],
    [
      "json-patch+json",
      {},
      400,
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    ],
    ["json-patch+json", [{ op: "remove", path: "/nope" }], 422, REJECTED],
    ["json-patch+json", [{ op: "test", path: "/kind", value: "Pod" }], 422, REJECTED],
    ["csv", "x", 415, "415: Unsupported Media Type"],
  ] as const
) {
  Deno.test(`patch (${kind}) refuses ${JSON.stringify(patch)} with ${code}`, async () => {
    await using api = await startApi();
    await api.configMap("a");
    const reply = await api.patch(A, patch, kind);
    assert.deepEqual([reply.status, reply.body.message], [code, message]);
  });
}

Deno.test("patch refuses unknown fields of a strict client, and quotes what came out of the patch", async () => {
  await using api = await startApi();
  await api.configMap("a");
  const { status, body } = await api.patch(`${A}?fieldValidation=Strict`, { typo: 3 });
  assert.equal(status, 422);
  assert.match(
    body.message,
    /^ "" is invalid: patch: Invalid value: "\{.*\\"typo\\":3\}": strict decoding error: unknown field "typo"$/,
  );
  assert.equal(
    (await api.patch(A, { typo: 3 })).headers.get("warning"),
    '299 - "unknown field \\"typo\\""',
  );
});

Deno.test("patch takes force only with an apply patch", async () => {
  await using api = await startApi();
  await api.configMap("a");
  const { status, body } = await api.patch(`${A}?force=true`, {});
  assert.equal(status, 422);
  assert.equal(
    body.message,
    'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
  );
});

// What a kube-apiserver 1.34 answered.
for (
  const [what, patch, why] of [
    [
      "a number in place of a map",
      { data: 3 },
      "json: cannot unmarshal number into Go struct field ConfigMap.data of type map[string]string",
    ],
    [
      "another kind",
      { kind: "Pod" },
      "converting (v1.Pod) to (core.ConfigMap): unknown conversion",
    ],
    [
      "a kind that is not known",
      { kind: "Foo" },
      'no kind "Foo" is registered for version "v1" in scheme "pkg/runtime/scheme.go:110"',
    ],
  ] as const
) {
  Deno.test(`patch refuses what comes to ${what}`, async () => {
    await using api = await startApi();
    await api.configMap("a");
    const { status, body } = await api.patch(A, patch);
    assert.equal(status, 422);
    assert.ok(body.message.startsWith(' "" is invalid: patch: Invalid value: "{'), body.message);
    assert.ok(body.message.endsWith(`}": ${why}`), body.message);
  });
}

Deno.test("patch cannot change when an object was created, nor count its changes", async () => {
  await using api = await startApi();
  const created = await api.configMap("a");
  const { status, body } = await api.patch(A, {
    metadata: { creationTimestamp: "2020-01-01T00:00:00Z", generation: 7 },
  });
  assert.deepEqual([status, body], [200, created]);
});

Deno.test("patch that replaces a whole object leaves it its kind", async () => {
  await using api = await startApi();
  await api.configMap("a", {}, { old: "1" });
  const { body } = await api.patch(A, {
    $patch: "replace",
    metadata: { name: "a" },
    data: { only: "1" },
  }, "strategic-merge-patch+json");
  assert.deepEqual([body.apiVersion, body.kind, body.data], ["v1", "ConfigMap", { only: "1" }]);
});
