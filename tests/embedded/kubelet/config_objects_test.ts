import type { ConfigMap, Secret } from "kubernetes-types/core/v1.d.ts";
import assert from "node:assert/strict";

import {
  apiConfigReader,
  type ConfigKind,
  ConfigObjects,
  environmentRefs,
} from "../../../lib/embedded/kubelet/config_objects.ts";
import { ApiError, KubeClient } from "../../../lib/kube/mod.ts";
import { FakeApi } from "./_fake_api.ts";

const never = new AbortController().signal;

function setUp() {
  const api = new FakeApi();
  const connection = { server: "http://api.test", namespace: "ns", description: "a test" };
  const reader = apiConfigReader(new KubeClient(connection, { fetch: api.fetch }));
  const read = async (kind: ConfigKind, name: string): Promise<unknown> => {
    const data = await reader.read({ kind, namespace: "ns", name }, never);
    return data && Object.fromEntries([...data].map(([key, bytes]) => [key, [...bytes]]));
  };
  return { api, read, reader };
}

Deno.test("apiConfigReader() reads secrets with any bytes", async () => {
  const { api, read } = setUp();
  const secret: Secret = { data: { a: btoa("\u0000\u00ff"), empty: "" } };
  api.put("/api/v1/namespaces/ns/secrets/s", secret);
  assert.deepEqual(await read("secret", "s"), { a: [0, 255], empty: [] });
});

Deno.test("apiConfigReader() reads config maps with text and bytes", async () => {
  const { api, read } = setUp();
  const configMap: ConfigMap = { data: { t: "é" }, binaryData: { b: btoa("\u0001") } };
  api.put("/api/v1/namespaces/ns/configmaps/c", configMap);
  assert.deepEqual(await read("configmap", "c"), { t: [0xc3, 0xa9], b: [1] });
});

Deno.test("apiConfigReader() asks for the token of a service account", async () => {
  const { api, read } = setUp();
  api.intercept = (method, path) =>
    method === "POST" && path === "/api/v1/namespaces/ns/serviceaccounts/sa/token"
      ? Response.json({ kind: "TokenRequest", status: { token: "jwt" } }, { status: 201 })
      : undefined;
  assert.deepEqual(await read("token", "sa"), { token: [...new TextEncoder().encode("jwt")] });
});

Deno.test("apiConfigReader() tells what does not exist from what cannot be read", async () => {
  const { api, read } = setUp();
  assert.equal(await read("secret", "none"), undefined);
  api.intercept = () =>
    Response.json({ kind: "Status", code: 403, reason: "Forbidden" }, { status: 403 });
  await assert.rejects(read("secret", "none"), ApiError);
});

Deno.test("environmentRefs() names each object once", () => {
  const refs = environmentRefs({
    name: "c",
    envFrom: [{ secretRef: { name: "s" } }, { configMapRef: { name: "cm" } }],
    env: [
      { name: "A", valueFrom: { secretKeyRef: { name: "s", key: "a" } } },
      { name: "B", valueFrom: { configMapKeyRef: { name: "cm2", key: "b" } } },
      { name: "C", value: "plain" },
    ],
  }, "ns");
  assert.deepEqual(refs.map(({ kind, name }) => `${kind}/${name}`), [
    "secret/s",
    "configmap/cm",
    "configmap/cm2",
  ]);
});

Deno.test("ConfigObjects.get() lets an optional object be missing", () => {
  const objects = new ConfigObjects(new Map());
  assert.equal(objects.get("secret", "s", true), undefined);
  assert.throws(() => objects.get("secret", "s", false), { message: 'secret "s" not found' });
});
