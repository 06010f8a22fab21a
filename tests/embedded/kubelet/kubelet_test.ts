import assert from "node:assert/strict";
import type { Lease } from "kubernetes-types/coordination/v1.d.ts";
import type { Node } from "kubernetes-types/core/v1.d.ts";

import { KUBERNETES_VERSION } from "../../../lib/embedded/schema/mod.ts";
import { eventually } from "../../support/eventually.ts";
import { kubeletTest, NODE, TOKEN } from "./_kubelet_harness.ts";

// The node

kubeletTest("registers its node with its address and the port of its HTTP", async (t) => {
  await t.start();
  const node = t.api.get<Node>(NODE);
  const [address] = node?.status?.addresses ?? [];
  assert.equal(address?.type, "InternalIP");
  const ready = node?.status?.conditions?.find(({ type }) => type === "Ready");
  assert.equal(ready?.status, "True");
  const port = node?.status?.daemonEndpoints?.kubeletEndpoint?.Port;
  const response = await fetch(`http://${address?.address}:${port}/containerLogs/ns/none/c`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  assert.deepEqual([response.status, await response.text()], [
    404,
    'pod "none" does not run on this node\n',
  ]);
});

kubeletTest("says that its node has the version of the built-in kinds", async (t) => {
  await t.start();
  const { kubeletVersion } = t.api.get<Node>(NODE)?.status?.nodeInfo ?? {};
  assert.equal(kubeletVersion, `v${KUBERNETES_VERSION}`);
});

kubeletTest("brings the node of an earlier run up to date", async (t) => {
  const addresses = [{ type: "InternalIP", address: "127.0.0.99" }];
  t.api.put(NODE, { kind: "Node", status: { addresses } });
  await t.start();
  const [address] = t.api.get<Node>(NODE)?.status?.addresses ?? [];
  assert.notEqual(address?.address, "127.0.0.99");
});

kubeletTest("goes on trying to register while the API server fails", async (t) => {
  let failures = 0;
  t.api.intercept = (method) => {
    if (method !== "POST" || failures === 3) return undefined;
    failures++;
    return new Response("no", { status: 500 });
  };
  const started = t.start();
  await eventually(async () => {
    await t.clock.advance(1000);
    return failures === 3;
  });
  await t.clock.advance(7000);
  await started;
  assert.ok(t.api.get(NODE));
});

kubeletTest("renews its lease if it is told to", async (t) => {
  await t.start({ heartbeatMs: 10_000 });
  const lease = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1";
  const renewTime = (): string | undefined => t.api.get<Lease>(lease)?.spec?.renewTime;
  await eventually(renewTime);
  assert.equal(renewTime(), "2026-01-01T00:00:00.000000Z");
  await t.clock.advance(10_000);
  await eventually(() => renewTime() === "2026-01-01T00:00:10.000000Z");
});

kubeletTest("says that its node is Ready again when the cluster took it for dead", async (t) => {
  await t.start({ heartbeatMs: 10_000 });
  const ready = (): string | undefined =>
    t.api.get<Node>(NODE)?.status?.conditions?.find(({ type }) => type === "Ready")?.status;
  assert.equal(ready(), "True");
  const dead = { type: "Ready", status: "Unknown", reason: "NodeStatusUnknown" };
  t.api.put(NODE, { kind: "Node", status: { conditions: [dead] } });
  await t.clock.advance(10_000);
  await eventually(() => ready() === "True");
});

// The end of the kubelet, and the next one

kubeletTest("ends all containers when it stops, and kills those that do not end", async (t) => {
  await t.start({ stopGraceMs: 3000 });
  t.putPod("good");
  t.putPod("bad");
  await t.untilReady("good");
  await t.untilReady("bad");
  const [bad] = t.instances("bad");
  if (bad) bad.exitCodeOnTerm = undefined;
  await t.stop(4000);
  assert.deepEqual(t.instances("good")[0]?.signals, ["SIGTERM"]);
  assert.deepEqual(bad?.signals, ["SIGTERM", "SIGKILL"]);
});

kubeletTest(
  "gives the pods of an earlier run fresh containers, and leaves those alone that are over",
  async (t) => {
    await t.start();
    t.putPod("a");
    const before = await t.untilReady("a");
    t.putPod("over", {}, { status: { phase: "Succeeded" } });
    await t.stop();
    await t.start();
    await eventually(() => t.instances("a").length === 2);
    const after = await t.untilPod(
      "a",
      "new",
      ({ status }) => status?.containerStatuses?.[0]?.containerID === "scripted://2",
    );
    assert.equal(after.metadata.uid, before.metadata.uid);
    assert.deepEqual(t.instances("over"), []);
  },
);
