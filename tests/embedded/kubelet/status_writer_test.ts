import type { Pod } from "kubernetes-types/core/v1.d.ts";
import assert from "node:assert/strict";

import { StatusWriter } from "../../../lib/embedded/kubelet/status_writer.ts";
import { KubeClient, PODS, type Stored } from "../../../lib/kube/mod.ts";
import { FakeApi } from "./_fake_api.ts";

const PATH = "/api/v1/namespaces/ns/pods/p";
const never = new AbortController().signal;

function setUp(): { api: FakeApi; writer: StatusWriter; pod: () => Stored<Pod> } {
  const api = new FakeApi();
  const connection = { server: "http://api.test", namespace: "ns", description: "a test" };
  const client = new KubeClient(connection, { fetch: api.fetch });
  const pod: Pod = { kind: "Pod", status: { phase: "Pending", qosClass: "BestEffort" } };
  api.put(PATH, pod);
  const read = (): Stored<Pod> => {
    const stored = api.get<Pod>(PATH);
    assert.ok(stored);
    return stored;
  };
  return { api, writer: new StatusWriter(client.resource(PODS)), pod: read };
}

Deno.test("StatusWriter.write() writes what differs and nothing else", async () => {
  const { api, writer, pod } = setUp();
  await writer.write(pod(), { phase: "Running" }, never);
  assert.deepEqual(api.writes.map(({ body }) => body.status), [{ phase: "Running" }]);
  assert.deepEqual(pod().status, { phase: "Running", qosClass: "BestEffort" });
  await writer.write(pod(), { phase: "Running" }, never);
  assert.equal(api.writes.length, 1);
});

Deno.test("StatusWriter.write() does not write twice while the store lags behind", async () => {
  const { api, writer, pod } = setUp();
  const old = pod();
  await writer.write(old, { phase: "Running" }, never);
  await writer.write(old, { phase: "Running" }, never);
  assert.equal(api.writes.length, 1);
  assert.equal(writer.latest(old).status?.phase, "Running");
});

Deno.test("StatusWriter.write() repairs what somebody else has written", async () => {
  const { writer, pod, api } = setUp();
  await writer.write(pod(), { phase: "Running" }, never);
  api.put(PATH, { ...pod(), status: { phase: "Failed" } });
  await writer.write(pod(), { phase: "Running" }, never);
  assert.equal(pod().status?.phase, "Running");
});

Deno.test("StatusWriter leaves a pod alone that has replaced the one that is meant", async () => {
  const { writer, pod, api } = setUp();
  const old = pod();
  api.remove(PATH);
  const successor: Pod = { kind: "Pod", metadata: { uid: "another" } };
  api.put(PATH, successor);
  await writer.write(old, { phase: "Running" }, never);
  await writer.confirmDeletion(old, never);
  assert.deepEqual([pod().metadata.uid, pod().status], ["another", undefined]);
});

Deno.test("StatusWriter takes a pod that is gone for done", async () => {
  const { writer, pod, api } = setUp();
  const old = pod();
  api.remove(PATH);
  await writer.write(old, { phase: "Running" }, never);
  await writer.confirmDeletion(old, never);
  assert.equal(api.get(PATH), undefined);
});
