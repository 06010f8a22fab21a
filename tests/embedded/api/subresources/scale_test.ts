import assert from "node:assert/strict";

import { NOW, startApi, type TestApi } from "../_client.ts";

const PATH = "/apis/apps/v1/namespaces/default/statefulsets";

async function createSet(
  api: TestApi,
): Promise<{ metadata: { uid: string; resourceVersion: string } }> {
  const labels = { app: "a", b: "c" };
  return await api.ok("POST", PATH, {
    metadata: { name: "s" },
    spec: {
      replicas: 2,
      serviceName: "s",
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "x" }] } },
    },
  });
}

Deno.test("scale shows the replicas of a stateful set and the selector of its pods", async () => {
  await using api = await startApi();
  const { metadata } = await createSet(api);
  assert.deepEqual(await api.ok("GET", `${PATH}/s/scale`), {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: {
      name: "s",
      namespace: "default",
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      creationTimestamp: NOW,
    },
    spec: { replicas: 2 },
    status: { replicas: 0, selector: "app=a,b=c" },
  });
});

Deno.test("scale is changed by update and by any patch, and counts as a change of the spec", async () => {
  await using api = await startApi();
  await createSet(api);
  const scale = await api.ok("GET", `${PATH}/s/scale`);
  assert.deepEqual(
    (await api.ok("PUT", `${PATH}/s/scale`, { ...scale, spec: { replicas: 4 } })).spec,
    { replicas: 4 },
  );
  const { body } = await api.patch(`${PATH}/s/scale`, [{
    op: "replace",
    path: "/spec/replicas",
    value: 5,
  }], "json-patch+json");
  assert.deepEqual(body.spec, { replicas: 5 });
  const set = await api.ok("GET", `${PATH}/s`);
  assert.deepEqual([set.spec.replicas, set.metadata.generation], [5, 3]);
});

Deno.test("scale to zero leaves the number out, as the real server does", async () => {
  await using api = await startApi();
  await createSet(api);
  const { body } = await api.patch(`${PATH}/s/scale`, { spec: { replicas: 0 } });
  assert.deepEqual(body.spec, {});
  assert.equal((await api.ok("GET", `${PATH}/s`)).spec.replicas, 0);
});

Deno.test("scale refuses an older version, a negative number and an object that is not there", async () => {
  await using api = await startApi();
  await createSet(api);
  const scale = await api.ok("GET", `${PATH}/s/scale`);
  await api.ok("PATCH", `${PATH}/s/scale`, { spec: { replicas: 9 } });
  assert.equal((await api.put(`${PATH}/s/scale`, scale)).status, 409);
  const negative = await api.patch(`${PATH}/s/scale`, { spec: { replicas: -1 } });
  assert.equal(negative.status, 422);
  assert.equal(
    negative.body.message,
    'Scale.autoscaling "s" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  );
  assert.equal((await api.get(`${PATH}/nothing/scale`)).status, 404);
});

Deno.test("scale refuses what is meant for another object that had the name, in the real server's words", async () => {
  await using api = await startApi();
  const { metadata: { uid } } = await createSet(api);
  const said = `Precondition failed: UID in precondition: another, UID in object meta: ${uid}`;
  const metadata = { name: "s", namespace: "default", uid: "another" };
  const patched = await api.patch(`${PATH}/s/scale`, { metadata, spec: { replicas: 9 } });
  assert.equal(patched.status, 409);
  assert.equal(
    patched.body.message,
    `Operation cannot be fulfilled on statefulsets/scale.apps "s": ${said}`,
  );
  assert.deepEqual(patched.body.details, { name: "s", group: "apps", kind: "statefulsets/scale" });
  const { body: { message } } = await api.put(`${PATH}/s/scale`, {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata,
    spec: { replicas: 9 },
  });
  assert.equal(
    message,
    'Operation cannot be fulfilled on statefulsets.apps "s": StorageError: invalid object, Code: 4, Key: ' +
      `/registry/statefulsets/default/s, ResourceVersion: 0, AdditionalErrorMsg: ${said}`,
  );
  assert.equal((await api.ok("GET", `${PATH}/s`)).spec.replicas, 2);
});
