import assert from "node:assert/strict";
import type { Node, Secret } from "kubernetes-types/core/v1.d.ts";
import { join } from "node:path";

import { AddressAllocator } from "../../../lib/embedded/kubelet/addresses.ts";
import { eventually } from "../../support/eventually.ts";
import { settle } from "../../support/fake_clock.ts";
import { conditionOf, kubeletTest, NODE, podPath, TOKEN } from "./_kubelet_harness.ts";
import { namesIn } from "../../support/temporary_folder.ts";

kubeletTest("runs a pod of its node and reports it", async (t) => {
  await t.start();
  t.putPod("a", {
    containers: [{
      name: "c",
      image: "img",
      command: ["run", "$(IP)"],
      env: [{
        name: "IP",
        valueFrom: { fieldRef: { fieldPath: "status.podIP" } },
      }],
    }],
  });
  const { status, metadata } = await t.untilReady("a");
  assert.equal(status?.phase, "Running");
  assert.match(status?.podIP ?? "", /^127\./);
  assert.notEqual(status?.podIP, status?.hostIP);
  assert.equal(status?.containerStatuses?.[0]?.containerID, "scripted://1");
  const { config } = t.runtime.last;
  assert.deepEqual(config.command, ["run", status?.podIP]);
  assert.deepEqual(config.pod, { namespace: "ns", name: "a", uid: metadata.uid });
  assert.equal(config.ip, status?.podIP);
});

kubeletTest("leaves the pods of other nodes alone", async (t) => {
  await t.start();
  t.putPod("other", { nodeName: "n2" });
  t.putPod("mine");
  await t.untilReady("mine");
  assert.deepEqual(t.instances("other"), []);
});

kubeletTest("writes nothing about a pod at rest", async (t) => {
  await t.start();
  t.putPod("a");
  await t.untilReady("a");
  await settle();
  const before = t.podWrites.length;
  t.api.put(podPath("a"), { ...t.pod("a") }); // Somebody touches it.
  await t.clock.advance(600_000);
  await settle();
  assert.equal(t.podWrites.length, before);
});

kubeletTest("keeps conditions of others when it writes its own", async (t) => {
  await t.start();
  const theirs = { type: "example/theirs", status: "True" };
  t.putPod("a", {}, { status: { phase: "Pending", conditions: [theirs] } });
  const { status } = await t.untilReady("a");
  assert.deepEqual(status?.conditions?.at(-1), theirs);
});

kubeletTest("tries again when a status cannot be written", async (t) => {
  await t.start();
  let failures = 0;
  t.api.intercept = (method, path) => {
    if (method !== "PATCH" || !path.endsWith("/status") || ++failures > 2) return undefined;
    return Response.json({ kind: "Status", code: 500, reason: "InternalError" }, { status: 500 });
  };
  t.putPod("a");
  await eventually(async () => {
    await t.clock.advance(100);
    const pod = t.pod("a");
    return pod && conditionOf(pod, "Ready") === "True";
  });
});

kubeletTest("mounts volumes, and waits for a Secret that is not there", async (t) => {
  await t.start();
  t.putPod("a", {
    containers: [{
      name: "c",
      image: "img",
      volumeMounts: [{ name: "conf", mountPath: "/c.conf", subPath: "c" }],
    }],
    volumes: [{ name: "conf", secret: { secretName: "s" } }],
  });
  const note = 'MountVolume.SetUp failed for volume "conf" : secret "s" not found';
  await eventually(() => t.api.writes.some(({ body }) => body.note === note));
  const waiting = t.pod("a")?.status?.containerStatuses?.[0]?.state?.waiting;
  assert.equal(waiting?.reason, "ContainerCreating");
  assert.deepEqual(t.instances("a"), []);
  const secret: Secret = { data: { c: btoa("x=1") } };
  t.api.put("/api/v1/namespaces/ns/secrets/s", secret);
  await t.clock.advance(500);
  await t.untilReady("a");
  const [mount] = t.runtime.last.config.mounts;
  assert.equal(mount?.containerPath, "/c.conf");
  assert.equal(await Deno.readTextFile(mount?.hostPath ?? ""), "x=1");
});

kubeletTest("says so in an event when there is no free address", async (t) => {
  const addresses = new AddressAllocator({ prefix: "127.77", size: 2, isFree: () => true });
  await t.start({ addresses });
  t.putPod("a");
  await t.untilReady("a");
  t.putPod("b");
  await eventually(() =>
    t.api.writes.some(({ body }) =>
      body.reason === "FailedCreatePodSandBox" && /no free address/.test(String(body.note))
    )
  );
  t.deletePod("a", 5);
  await t.untilGone("a");
  await t.clock.advance(10_000);
  await t.untilReady("b");
});

kubeletTest("runs init containers in order before the others", async (t) => {
  await t.start();
  t.putPod("a", {
    initContainers: [{ name: "one", image: "i" }, { name: "two", image: "i" }],
  });
  for (const name of ["one", "two"]) {
    await eventually(() => t.runtime.containers.at(-1)?.config.name === name);
    await t.untilPod(
      "a",
      "initializing",
      ({ status }) =>
        status?.initContainerStatuses?.some((init) => init.name === name && init.state?.running) ??
          false,
    );
    assert.equal(t.pod("a")?.status?.phase, "Pending");
    t.runtime.last.end(0);
  }
  const { status } = await t.untilReady("a");
  assert.deepEqual(t.instances("a").map(({ config }) => config.name), ["one", "two", "c"]);
  assert.deepEqual(status?.initContainerStatuses?.map(({ ready }) => ready), [true, true]);
});

kubeletTest("fails a pod that is never restarted when an init container fails", async (t) => {
  await t.start();
  t.putPod("a", { initContainers: [{ name: "one", image: "i" }], restartPolicy: "Never" });
  await eventually(() => t.instances("a").length === 1);
  t.runtime.last.end(1);
  await t.untilPod("a", "failed", ({ status }) => status?.phase === "Failed");
});

kubeletTest("ends a pod that is never restarted, and frees what it had", async (t) => {
  await t.start();
  t.putPod("a", { restartPolicy: "Never" });
  await t.untilReady("a");
  t.runtime.last.config.log("result");
  t.runtime.last.end(0);
  const { status } = await t.untilPod(
    "a",
    "done",
    (pod) =>
      pod.status?.phase === "Succeeded" &&
      conditionOf(pod, "PodReadyToStartContainers") === "False",
  );
  assert.equal(status?.containerStatuses?.[0]?.state?.terminated?.reason, "Completed");
  assert.equal(conditionOf({ status: status ?? {} }, "Ready"), "False");
  assert.deepEqual(await namesIn(join(t.rootDir, "pods")), []);
  const endpoint = t.api.get<Node>(NODE)?.status;
  const response = await fetch(
    `http://${
      endpoint?.addresses?.[0]?.address
    }:${endpoint?.daemonEndpoints?.kubeletEndpoint?.Port}/containerLogs/ns/a/c`,
    { headers: { authorization: `Bearer ${TOKEN}` } },
  );
  assert.equal(await response.text(), "result\n");
});

kubeletTest("is not disturbed by pods that cannot run", async (t) => {
  t.runtime.beforeStart = ({ pod }) => pod.name === "hangs" ? new Promise(() => {}) : undefined;
  await t.start();
  t.putPod("empty", { containers: [] });
  t.putPod("volume", { volumes: [{ name: "v", nfs: { path: "/", server: "s" } }] });
  t.putPod("env", {
    containers: [{ name: "c", envFrom: [{ secretRef: { name: "none" } }] }],
  });
  t.putPod("hangs");
  t.putPod("good");
  await t.untilReady("good");
  const reason = (name: string): string | undefined =>
    t.pod(name)?.status?.containerStatuses?.[0]?.state?.waiting?.reason;
  await eventually(() => reason("env") === "CreateContainerConfigError");
  assert.equal(reason("hangs"), "ContainerCreating");
  t.deletePod("hangs", 1);
  await settle();
  await t.clock.advance(1000);
  await t.untilGone("hangs");
});
