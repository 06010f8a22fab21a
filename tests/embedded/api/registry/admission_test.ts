/** What the server adds to new pods and services. */

import assert from "node:assert/strict";

import { startApi } from "../_client.ts";

const SERVICES = "/api/v1/namespaces/default/services";
const PODS = "/api/v1/namespaces/default/pods";

function service(name: string, spec: Record<string, unknown> = {}): unknown {
  return { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } };
}

Deno.test("a new service gets an address that no other has, unless it wants none", async () => {
  await using api = await startApi();
  const addressOf = async (name: string, spec = {}): Promise<unknown> =>
    (await api.ok("POST", SERVICES, service(name, spec))).spec.clusterIP;
  assert.deepEqual([await addressOf("a"), await addressOf("b")], ["10.0.0.2", "10.0.0.3"]);
  assert.equal(await addressOf("c", { clusterIP: "None" }), "None");
  assert.equal(await addressOf("d", { clusterIP: "10.0.0.4" }), "10.0.0.4");
  assert.equal(await addressOf("e"), "10.0.0.5");
  await api.ok("DELETE", `${SERVICES}/a`);
  assert.equal(await addressOf("f"), "10.0.0.2");
  const external = await api.ok("POST", SERVICES, {
    metadata: { name: "x" },
    spec: { type: "ExternalName", externalName: "x.example" },
  });
  assert.equal(external.spec.clusterIP, undefined);
});

Deno.test("a service keeps its address through an update that does not name it", async () => {
  await using api = await startApi();
  const { metadata, spec } = await api.ok("POST", SERVICES, service("a"));
  const updated = await api.ok("PUT", `${SERVICES}/a`, {
    metadata: { name: "a", resourceVersion: metadata.resourceVersion },
    spec: { ports: [{ port: 81 }] },
  });
  assert.equal(updated.spec.clusterIP, spec.clusterIP);
});

Deno.test("a service of the type NodePort gets ports that no other has", async () => {
  await using api = await startApi();
  const portsOf = async (name: string, ports: unknown[]): Promise<unknown> => {
    const { spec } = await api.ok("POST", SERVICES, service(name, { type: "NodePort", ports }));
    return spec.ports.map(({ nodePort }: { nodePort: number }) => nodePort);
  };
  assert.deepEqual(await portsOf("a", [{ name: "x", port: 1 }, { name: "y", port: 2 }]), [
    30000,
    30001,
  ]);
  assert.deepEqual(
    await portsOf("b", [{ name: "x", port: 1, nodePort: 31000 }, { name: "y", port: 2 }]),
    [31000, 30002],
  );
});

Deno.test("a new pod gets the default account, priority and tolerations, and keeps those of its own", async () => {
  await using api = await startApi();
  const toleration = {
    key: "node.kubernetes.io/not-ready",
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: 1,
  };
  const { spec } = await api.ok("POST", PODS, {
    metadata: { name: "p" },
    spec: {
      containers: [{ name: "c", image: "x" }],
      serviceAccountName: "robot",
      tolerations: [toleration],
    },
  });
  assert.deepEqual([spec.serviceAccountName, spec.priority, spec.preemptionPolicy], [
    "robot",
    0,
    "PreemptLowerPriority",
  ]);
  assert.deepEqual(
    spec.tolerations.map((
      { key, tolerationSeconds }: Record<string, unknown>,
    ) => [key, tolerationSeconds]),
    [["node.kubernetes.io/not-ready", 1], ["node.kubernetes.io/unreachable", 300]],
  );
});
