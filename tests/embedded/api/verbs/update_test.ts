import assert from "node:assert/strict";

import { CONFIG_MAPS, startApi } from "../_client.ts";

const A = `${CONFIG_MAPS}/a`;
const MODIFIED =
  'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again';

Deno.test("update replaces an object and keeps its identity", async () => {
  await using api = await startApi();
  const created = await api.configMap("a", { labels: { x: "y" } }, { old: "1" });
  await api.clock.advance(5000);
  const updated = await api.ok("PUT", A, { metadata: { name: "a" }, data: { new: "2" } });
  assert.deepEqual(updated.data, { new: "2" });
  assert.equal(updated.metadata.labels, undefined);
  assert.equal(updated.metadata.uid, created.metadata.uid);
  assert.equal(updated.metadata.creationTimestamp, created.metadata.creationTimestamp);
  assert.notEqual(updated.metadata.resourceVersion, created.metadata.resourceVersion);
});

Deno.test("update that changes nothing makes no new revision and no event", async () => {
  await using api = await startApi();
  const created = await api.configMap("a", {}, { x: "y" });
  const before = api.server.revision;
  const updated = await api.ok("PUT", A, created);
  assert.deepEqual(updated, created);
  assert.equal(api.server.revision, before);
});

Deno.test("update from an older version is refused, whoever is first", async () => {
  await using api = await startApi();
  const created = await api.configMap("a");
  const change = (value: string): Promise<{ status: number; body: { message: string } }> =>
    api.put(A, { ...created, data: { value } });
  const replies = await Promise.all(["1", "2", "3"].map(change));
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 409, 409]);
  for (const { status, body } of replies) if (status === 409) assert.equal(body.message, MODIFIED);
});

Deno.test("update refuses another name, another identity and an object that is not there", async () => {
  await using api = await startApi();
  const { metadata } = await api.configMap("a");
  const refusal = async (path: string, object: unknown): Promise<unknown[]> => {
    const { status, body } = await api.put(path, object);
    return [status, body.message];
  };
  assert.deepEqual(await refusal(A, { metadata: { name: "b" } }), [
    400,
    "the name of the object (b) does not match the name on the URL (a)",
  ]);
  assert.deepEqual(await refusal(`${CONFIG_MAPS}/b`, { metadata: { name: "b" } }), [
    404,
    'configmaps "b" not found',
  ]);
  const [status, message] = await refusal(A, { metadata: { name: "a", uid: "other" } });
  assert.equal(status, 409);
  assert.deepEqual(await refusal(A, {}), [
    400,
    "the name of the object (a based on URL) was undeterminable: name must be provided",
  ]);
  assert.deepEqual(await refusal(A, { metadata: { name: "a", resourceVersion: "abc" } }), [
    500,
    'strconv.ParseUint: parsing "abc": invalid syntax',
  ]);
  assert.match(
    String(message),
    new RegExp(
      `Precondition failed: UID in precondition: other, UID in object meta: ${metadata.uid}$`,
    ),
  );
});

Deno.test("update of the status changes nothing else, and update of the object does not change the status", async () => {
  await using api = await startApi();
  const path = "/apis/apps/v1/namespaces/default/statefulsets";
  const created = await api.ok("POST", path, statefulSet("a"));
  const status = { ...created.status, replicas: 1, observedGeneration: 1 };

  const first = await api.ok("PUT", `${path}/a/status`, {
    ...created,
    spec: { ...created.spec, replicas: 9 },
    status,
  });
  assert.deepEqual([first.spec.replicas, first.status.replicas, first.metadata.generation], [
    2,
    1,
    1,
  ]);
  const second = await api.ok("PUT", `${path}/a`, {
    ...first,
    spec: { ...first.spec, replicas: 5 },
    status: { replicas: 77 },
  });
  assert.deepEqual([second.spec.replicas, second.status.replicas, second.metadata.generation], [
    5,
    1,
    2,
  ]);
  const third = await api.ok("PATCH", `${path}/a`, { metadata: { labels: { x: "y" } } });
  assert.equal(third.metadata.generation, 2);
});

function statefulSet(name: string): unknown {
  const labels = { app: name };
  return {
    metadata: { name },
    spec: {
      replicas: 2,
      serviceName: name,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "x" }] } },
    },
  };
}

Deno.test("update of a node's status is kept at creation too, as kubelets register with it", async () => {
  await using api = await startApi();
  const node = await api.ok("POST", "/api/v1/nodes", {
    metadata: { name: "n" },
    status: { capacity: { pods: "3" } },
  });
  assert.equal(node.status.capacity.pods, "3");
});

Deno.test("update that takes the last finalizer from a deleted object removes it", async () => {
  await using api = await startApi();
  await api.configMap("a", { finalizers: ["example.com/x", "example.com/y"] });
  await using watch = await api.watch(`${CONFIG_MAPS}?watch=1`);
  const marked = await api.ok("DELETE", A);
  assert.ok(marked.metadata.deletionTimestamp);
  await api.ok("PATCH", A, { metadata: { finalizers: ["example.com/y"] } });
  assert.equal((await api.get(A)).status, 200);
  const last = await api.ok("PATCH", A, { metadata: { finalizers: null } });
  assert.equal(last.metadata.finalizers, undefined);
  assert.equal((await api.get(A)).status, 404);
  assert.deepEqual(await watch.names(4), ["ADDED a", "MODIFIED a", "MODIFIED a", "DELETED a"]);
});

Deno.test("update adds no finalizer to a deleted object", async () => {
  await using api = await startApi();
  await api.configMap("a", { finalizers: ["example.com/x"] });
  await api.ok("DELETE", A);
  const { status, body } = await api.patch(A, {
    metadata: { finalizers: ["example.com/x", "example.com/y"] },
  });
  assert.equal(status, 422);
  assert.equal(
    body.message,
    'ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/y"}',
  );
});
