import assert from "node:assert/strict";

import { CONFIG_MAPS, NOW, startApi } from "../_client.ts";

Deno.test("create completes the metadata and keeps nothing that only the server may set", async () => {
  await using api = await startApi();
  const { metadata, kind, apiVersion } = await api.ok("POST", CONFIG_MAPS, {
    metadata: {
      name: "a",
      uid: "mine",
      creationTimestamp: "2000-01-01T00:00:00Z",
      deletionTimestamp: "2000-01-01T00:00:00Z",
      generation: 7,
    },
  });
  assert.deepEqual([kind, apiVersion, metadata.namespace], ["ConfigMap", "v1", "default"]);
  assert.equal(metadata.creationTimestamp, NOW);
  assert.equal(metadata.deletionTimestamp, undefined);
  assert.match(metadata.uid, /^[0-9a-f-]{36}$/);
  assert.equal(metadata.resourceVersion, String(api.server.revision));
});

Deno.test("create makes names that begin with generateName and differ", async () => {
  await using api = await startApi();
  const names = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const { metadata } = await api.ok("POST", CONFIG_MAPS, { metadata: { generateName: "some-" } });
    assert.match(metadata.name, /^some-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    names.add(metadata.name);
  }
  assert.equal(names.size, 20);
});

Deno.test("create with dryRun=All answers as if, and stores nothing", async () => {
  await using api = await startApi();
  const before = api.server.revision;
  const { metadata } = await api.ok("POST", `${CONFIG_MAPS}?dryRun=All`, {
    metadata: { name: "a" },
  });
  assert.ok(metadata.uid);
  assert.equal(metadata.resourceVersion, undefined);
  assert.equal(api.server.revision, before);
  assert.equal((await api.get(`${CONFIG_MAPS}/a`)).status, 404);
});

Deno.test("create drops unknown fields with a warning, or silently, or refuses them, as the client wishes", async () => {
  await using api = await startApi();
  const object = { metadata: { name: "a", typo: 1 }, typo: 2 };
  const warned = await api.post(`${CONFIG_MAPS}?dryRun=All`, object);
  assert.equal(warned.status, 201);
  assert.equal(
    warned.headers.get("warning"),
    '299 - "unknown field \\"metadata.typo\\"", 299 - "unknown field \\"typo\\""',
  );
  assert.equal(warned.body.typo, undefined);
  assert.equal(
    (await api.post(`${CONFIG_MAPS}?dryRun=All&fieldValidation=Ignore`, object)).headers.get(
      "warning",
    ),
    null,
  );
  const refused = await api.post(`${CONFIG_MAPS}?fieldValidation=Strict`, object);
  assert.deepEqual(
    [refused.status, refused.body.message],
    [
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.typo", unknown field "typo"',
    ],
  );
});

Deno.test("create reads YAML as well as JSON", async () => {
  await using api = await startApi();
  const { status, body } = await api.send(
    "POST",
    CONFIG_MAPS,
    "metadata:\n  name: a\ndata:\n  x: y\n",
    { "content-type": "application/yaml; charset=utf-8" },
  );
  assert.deepEqual([status, body.data], [201, { x: "y" }]);
});

Deno.test("create refuses a namespace that is missing or on its way out", async () => {
  await using api = await startApi();
  const missing = await api.post("/api/v1/namespaces/nowhere/configmaps", {
    metadata: { name: "a" },
  });
  assert.deepEqual([missing.status, missing.body.message], [404, 'namespaces "nowhere" not found']);

  await api.ok("POST", "/api/v1/namespaces", { metadata: { name: "going" } });
  await api.ok("DELETE", "/api/v1/namespaces/going");
  const { status, body } = await api.post("/api/v1/namespaces/going/configmaps", {
    metadata: { name: "a" },
  });
  assert.equal(status, 403);
  assert.equal(
    body.message,
    'configmaps "a" is forbidden: unable to create new content in namespace going because it is being terminated',
  );
  assert.deepEqual(body.details.causes, [{
    reason: "NamespaceTerminating",
    message: "namespace going is being terminated",
    field: "metadata.namespace",
  }]);
});

const SCHEME = 'in scheme "pkg/runtime/scheme.go:110"';

// What a kube-apiserver 1.34 answered.
for (
  const [what, object, code, message] of [
    [
      "another namespace in the body",
      { metadata: { name: "a", namespace: "y" } },
      400,
      "the namespace of the provided object does not match the namespace sent on the request",
    ],
    [
      "a version that is not known",
      { apiVersion: "v2", kind: "ConfigMap", metadata: { name: "a" } },
      400,
      `ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" ${SCHEME}`,
    ],
    [
      "a kind that is not known",
      { apiVersion: "v1", kind: "Foo", metadata: { name: "a" } },
      400,
      `Foo in version "v1" cannot be handled as a ConfigMap: no kind "Foo" is registered for version "v1" ${SCHEME}`,
    ],
    [
      "another kind",
      { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "a" } },
      400,
      'StatefulSet in version "v1" cannot be handled as a ConfigMap: converting (v1.StatefulSet) to (core.ConfigMap): unknown conversion',
    ],
    [
      "a revision",
      { metadata: { name: "a", resourceVersion: "3" } },
      500,
      "resourceVersion should not be set on objects to be created",
    ],
    [
      "nothing",
      "",
      400,
      "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    ],
    [
      "a list",
      "[]",
      400,
      'the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)',
    ],
    [
      "a number in place of a text",
      { metadata: { name: "a" }, data: { x: 1 } },
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
  ] as const
) {
  Deno.test(`create refuses ${what} with ${code}`, async () => {
    await using api = await startApi();
    const reply = await api.post(CONFIG_MAPS, object);
    assert.deepEqual([reply.status, reply.body.message], [code, message]);
  });
}

for (
  const [query, message] of [
    [
      "dryRun=x",
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["x"]: supported values: "All"',
    ],
    [
      "fieldValidation=x",
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "x": supported values: "", "Ignore", "Strict", "Warn"',
    ],
  ] as const
) {
  Deno.test(`create refuses '${query}' with 422`, async () => {
    await using api = await startApi();
    const reply = await api.post(`${CONFIG_MAPS}?${query}`, { metadata: { name: "a" } });
    assert.deepEqual([reply.status, reply.body.message], [422, message]);
  });
}

Deno.test("create refuses a body beyond 3 MiB with 413", async () => {
  await using api = await startApi();
  const { status, body } = await api.post(CONFIG_MAPS, {
    metadata: { name: "a" },
    data: { x: "y".repeat(3 * 1024 * 1024) },
  });
  assert.deepEqual([status, body.reason], [413, "RequestEntityTooLarge"]);
});
