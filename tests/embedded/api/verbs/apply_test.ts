import assert from "node:assert/strict";

import { CONFIG_MAPS, type Reply, startApi, type TestApi } from "../_client.ts";

const A = `${CONFIG_MAPS}/a`;

function apply(api: TestApi, configuration: unknown, query = "fieldManager=one"): Promise<Reply> {
  return api.patch(`${A}?${query}`, configuration, "apply-patch+yaml");
}

function configuration(
  data: Record<string, string>,
  metadata: Record<string, unknown> = {},
): unknown {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", ...metadata }, data };
}

Deno.test("apply creates, does nothing the second time, and drops what is no longer wanted", async () => {
  await using api = await startApi();
  const created = await apply(api, configuration({ x: "1", y: "2" }));
  assert.equal(created.status, 201);
  await api.clock.advance(60_000);
  const again = await apply(api, configuration({ x: "1", y: "2" }));
  assert.deepEqual([again.status, again.body], [200, created.body]);
  const less = await apply(api, configuration({ x: "1" }));
  assert.deepEqual(less.body.data, { x: "1" });
});

Deno.test("apply reads YAML", async () => {
  await using api = await startApi();
  const { status, body } = await api.patch(
    `${A}?fieldManager=one`,
    "apiVersion: v1\nkind: ConfigMap\ndata: {x: y}\n",
    "apply-patch+yaml",
  );
  assert.deepEqual([status, body.metadata.name, body.data], [201, "a", { x: "y" }]);
});

Deno.test("apply takes a field from another manager only by force", async () => {
  await using api = await startApi();
  await apply(api, configuration({ x: "1" }));
  const refused = await apply(api, configuration({ x: "2" }), "fieldManager=two");
  assert.deepEqual([refused.status, refused.body.reason], [409, "Conflict"]);
  assert.equal(refused.body.message, 'Apply failed with 1 conflict: conflict with "one": .data.x');
  const forced = await apply(api, configuration({ x: "2" }), "fieldManager=two&force=true");
  assert.deepEqual([forced.status, forced.body.data], [200, { x: "2" }]);
});

Deno.test("apply with dryRun=All creates nothing", async () => {
  await using api = await startApi();
  assert.equal((await apply(api, configuration({}), "fieldManager=one&dryRun=All")).status, 201);
  assert.equal((await api.get(A)).status, 404);
});

Deno.test("apply creates only in a namespace that is there, and no object by its status", async () => {
  await using api = await startApi();
  const elsewhere = await api.patch(
    "/api/v1/namespaces/nowhere/configmaps/a?fieldManager=one",
    configuration({}),
    "apply-patch+yaml",
  );
  assert.deepEqual([elsewhere.status, elsewhere.body.message], [
    404,
    'namespaces "nowhere" not found',
  ]);
  const status = await api.patch("/api/v1/namespaces/default/pods/a/status?fieldManager=one", {
    apiVersion: "v1",
    kind: "Pod",
  }, "apply-patch+yaml");
  assert.deepEqual([status.status, status.body.message], [404, 'pods "a" not found']);
});

// What a kube-apiserver 1.34 answered.
for (
  const [what, body, code, message] of [
    ["no kind", { metadata: { name: "a" } }, 400, "invalid object type: /, Kind="],
    [
      "another name",
      configuration({}, { name: "c" }),
      400,
      "the name of the object (c) does not match the name on the URL (a)",
    ],
    [
      "managed fields",
      configuration({}, { managedFields: [{}] }),
      400,
      "metadata.managedFields must be nil",
    ],
    [
      "a UID of an object that is not there",
      configuration({}, { uid: "3" }),
      409,
      'Operation cannot be fulfilled on configmaps "a": uid mismatch: the provided object specified uid 3, and no existing object was found',
    ],
    [
      "an unknown field",
      { ...Object(configuration({})), typo: 3 },
      500,
      "failed to create typed patch object (default/a; /v1, Kind=ConfigMap): .typo: field not declared in schema",
    ],
  ] as const
) {
  Deno.test(`apply refuses ${what} with ${code}`, async () => {
    await using api = await startApi();
    const reply = await apply(api, body);
    assert.deepEqual([reply.status, reply.body.message], [code, message]);
  });
}

Deno.test("apply refuses a revision that is not that of the object", async () => {
  await using api = await startApi();
  await apply(api, configuration({ x: "1" }));
  assert.equal((await apply(api, configuration({ x: "2" }, { resourceVersion: "4" }))).status, 409);
});

Deno.test("apply refuses what is no YAML", async () => {
  await using api = await startApi();
  const { status, body } = await api.patch(`${A}?fieldManager=one`, "a: b: c", "apply-patch+yaml");
  assert.equal(status, 400);
  assert.match(body.message, /^error decoding YAML: error converting YAML to JSON: yaml: /);
});
