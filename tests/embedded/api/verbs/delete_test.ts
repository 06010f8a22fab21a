import assert from "node:assert/strict";

import { CONFIG_MAPS, startApi } from "../_client.ts";

const PODS = "/api/v1/namespaces/default/pods";

function pod(name: string, nodeName?: string): unknown {
  return {
    metadata: { name },
    spec: { ...(nodeName ? { nodeName } : {}), containers: [{ name: "c", image: "x" }] },
  };
}

Deno.test("delete removes an object and answers with its identity", async () => {
  await using api = await startApi();
  const { metadata } = await api.configMap("a");
  assert.deepEqual((await api.delete(`${CONFIG_MAPS}/a`)).body, {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name: "a", kind: "configmaps", uid: metadata.uid },
  });
  assert.equal((await api.get(`${CONFIG_MAPS}/a`)).status, 404);
  assert.equal((await api.delete(`${CONFIG_MAPS}/a`)).status, 404);
});

Deno.test("delete with dryRun=All, in the body or the query, deletes nothing", async () => {
  await using api = await startApi();
  await api.configMap("a");
  assert.equal((await api.delete(`${CONFIG_MAPS}/a?dryRun=All`)).status, 200);
  assert.equal((await api.delete(`${CONFIG_MAPS}/a`, { dryRun: ["All"] })).status, 200);
  assert.equal((await api.get(`${CONFIG_MAPS}/a`)).status, 200);
});

Deno.test("delete holds to the preconditions of the client", async () => {
  await using api = await startApi();
  const { metadata } = await api.configMap("a");
  const path = `${CONFIG_MAPS}/a`;
  const wrongUid = await api.delete(path, { preconditions: { uid: "x" } });
  assert.deepEqual([wrongUid.status, wrongUid.body.details], [409, {
    name: "a",
    kind: "ConfigMap",
  }]);
  const wrongVersion = await api.delete(path, { preconditions: { resourceVersion: "1" } });
  assert.equal(
    wrongVersion.body.message,
    `Operation cannot be fulfilled on ConfigMap "a": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
  );
  const { uid, resourceVersion } = metadata;
  assert.equal((await api.delete(path, { preconditions: { uid, resourceVersion } })).status, 200);
});

Deno.test("delete leaves a bound pod to its kubelet, which ends it with a grace of 0", async () => {
  await using api = await startApi();
  await api.ok("POST", PODS, pod("a", "n"));
  await using watch = await api.watch(`${PODS}?watch=1`);
  const ending = await api.ok("DELETE", `${PODS}/a`);
  assert.equal(ending.metadata.deletionGracePeriodSeconds, 30);
  assert.equal(ending.metadata.deletionTimestamp, "2026-01-01T00:00:30Z");
  assert.equal((await api.get(`${PODS}/a`)).status, 200);
  await api.ok("DELETE", `${PODS}/a`, {
    gracePeriodSeconds: 0,
    preconditions: { uid: ending.metadata.uid },
  });
  assert.equal((await api.get(`${PODS}/a`)).status, 404);
  assert.deepEqual(await watch.names(4), ["ADDED a", "MODIFIED a", "MODIFIED a", "DELETED a"]);
});

Deno.test("delete removes a pod without a node at once", async () => {
  await using api = await startApi();
  await api.ok("POST", PODS, pod("a"));
  assert.equal((await api.ok("DELETE", `${PODS}/a`)).kind, "Pod");
  assert.equal((await api.get(`${PODS}/a`)).status, 404);
});

Deno.test("delete of a namespace waits for its finalizer, which finalize takes away", async () => {
  await using api = await startApi();
  await api.ok("POST", "/api/v1/namespaces", { metadata: { name: "x" } });
  const namespace = await api.ok("DELETE", "/api/v1/namespaces/x");
  assert.deepEqual([namespace.status.phase, namespace.spec.finalizers], ["Terminating", [
    "kubernetes",
  ]]);
  await api.ok("PUT", "/api/v1/namespaces/x/finalize", { ...namespace, spec: { finalizers: [] } });
  assert.equal((await api.get("/api/v1/namespaces/x")).status, 404);
});

Deno.test("deletecollection deletes what is selected, and answers with it as it was", async () => {
  await using api = await startApi();
  await api.configMap("a", { labels: { x: "1" } });
  await api.configMap("b", { labels: { x: "1" }, finalizers: ["x/y"] });
  await api.configMap("c");
  const { items } = await api.ok("DELETE", `${CONFIG_MAPS}?labelSelector=x`);
  assert.deepEqual(items.map((item: { metadata: { name: string } }) => item.metadata.name), [
    "a",
    "b",
  ]);
  assert.equal(items[1].metadata.deletionTimestamp, undefined);
  const left = await api.ok("GET", CONFIG_MAPS);
  assert.deepEqual(left.items.map((item: { metadata: { name: string } }) => item.metadata.name), [
    "b",
    "c",
  ]);
  assert.ok(left.items[0].metadata.deletionTimestamp);
});

const INVALID = 'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: ';

for (
  const [query, body, message] of [
    [
      "",
      { propagationPolicy: "Foo" },
      `${INVALID}Unsupported value: "Foo": supported values: "Foreground", "Background", "Orphan", "nil"`,
    ],
    [
      "?propagationPolicy=Foreground&orphanDependents=true",
      undefined,
      `${INVALID}Invalid value: "Foreground": orphanDependents and deletionPropagation cannot be both set`,
    ],
  ] as const
) {
  Deno.test(`delete refuses the options ${query || JSON.stringify(body)} with 422`, async () => {
    await using api = await startApi();
    await api.configMap("a");
    const reply = await api.delete(`${CONFIG_MAPS}/a${query}`, body);
    assert.deepEqual([reply.status, reply.body.message], [422, message]);
  });
}

// What a kube-apiserver 1.34 answered.
for (
  const [body, message] of [
    [
      "notjson",
      "couldn't get version/kind; json parse error: invalid character 'o' in literal null (expecting 'u')",
    ],
    [
      { kind: "Foo", apiVersion: "v1" },
      'no kind "Foo" is registered for version "v1" in scheme "pkg/runtime/scheme.go:110"',
    ],
    [
      { gracePeriodSeconds: "x" },
      "json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64",
    ],
  ] as const
) {
  Deno.test(`delete refuses the body ${JSON.stringify(body)} with 500`, async () => {
    await using api = await startApi();
    await api.configMap("a");
    const reply = await api.delete(`${CONFIG_MAPS}/a`, body);
    assert.deepEqual([reply.status, reply.body.message], [500, message]);
    assert.equal((await api.get(`${CONFIG_MAPS}/a`)).status, 200);
  });
}
