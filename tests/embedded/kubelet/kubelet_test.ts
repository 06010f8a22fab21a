import assert from "node:assert/strict";
import type { Lease } from "kubernetes-types/coordination/v1.d.ts";
import type { Node, Pod, PodSpec, Secret } from "kubernetes-types/core/v1.d.ts";
import { join } from "node:path";

import { AddressAllocator } from "../../../lib/embedded/kubelet/addresses.ts";
import { Kubelet, type KubeletOptions } from "../../../lib/embedded/kubelet/kubelet.ts";
import { KubeClient, type Stored } from "../../../lib/kube/mod.ts";
import { eventually } from "../../support/eventually.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { FakeApi } from "./_fake_api.ts";
import { type ScriptedContainer, ScriptedRuntime } from "./_scripted_runtime.ts";
import { namesIn, temporaryFolder } from "./_support.ts";

const NODE = "/api/v1/nodes/n1";
const TOKEN = "t0ken";

function podPath(name: string): string {
  return `/api/v1/namespaces/ns/pods/${name}`;
}

/** A kubelet on an API server in memory, a scripted runtime and a clock that tests drive. */
class Harness {
  readonly api = new FakeApi();
  readonly clock = new FakeClock();
  readonly runtime = new ScriptedRuntime();
  readonly client: KubeClient;
  #stop = new AbortController();
  #running: Promise<void> | undefined;
  readonly rootDir: string;

  constructor(rootDir: string) {
    this.rootDir = rootDir;
    const connection = { server: "http://api.test", namespace: "ns", description: "a test" };
    this.client = new KubeClient(connection, { fetch: this.api.fetch, clock: this.clock });
  }

  async start(options: Partial<KubeletOptions> = {}): Promise<void> {
    this.#stop = new AbortController();
    const kubelet = new Kubelet({
      client: this.client,
      nodeName: "n1",
      runtime: this.runtime,
      rootDir: this.rootDir,
      serverToken: TOKEN,
      addresses: new AddressAllocator({ isFree: () => true }),
      clock: this.clock,
      ...options,
    });
    this.#running = kubelet.run(this.#stop.signal);
    await kubelet.ready(this.#stop.signal);
  }

  /** Tells the kubelet to stop; `passing` moves time on until it has. */
  async stop(passing = 0): Promise<void> {
    this.#stop.abort(new Error("the test is over"));
    for (let ms = 0; ms < passing; ms += 1000) {
      await settle();
      await this.clock.advance(1000);
    }
    await this.#running;
  }

  putPod(name: string, spec: Partial<PodSpec> = {}, rest: Partial<Pod> = {}): void {
    const full: PodSpec = {
      nodeName: "n1",
      containers: [{ name: "c", image: "img", command: ["run"] }],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      ...spec,
    };
    const status = { phase: "Pending", qosClass: "BestEffort" };
    this.api.put(podPath(name), { apiVersion: "v1", kind: "Pod", status, ...rest, spec: full });
  }

  pod(name: string): Stored<Pod> | undefined {
    return this.api.get<Pod>(podPath(name));
  }

  deletePod(name: string, deletionGracePeriodSeconds: number): void {
    const pod = this.pod(name);
    assert.ok(pod);
    const deletionTimestamp = "2026-01-01T00:00:30Z";
    this.api.put(podPath(name), {
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds },
    });
  }

  async untilPod(
    name: string,
    what: string,
    is: (pod: Stored<Pod>) => boolean,
  ): Promise<Stored<Pod>> {
    return await eventually(() => {
      const pod = this.pod(name);
      return pod && is(pod) && pod;
    }, { what: `pod ${name} to be ${what}` });
  }

  async untilReady(name: string): Promise<Stored<Pod>> {
    return await this.untilPod(name, "ready", (pod) => conditionOf(pod, "Ready") === "True");
  }

  async untilGone(name: string): Promise<void> {
    await eventually(() => !this.pod(name), { what: `pod ${name} to be gone` });
  }

  /** The instances of a pod's containers, in the order of their starts. */
  instances(name: string): ScriptedContainer[] {
    return this.runtime.containers.filter(({ config }) => config.pod.name === name);
  }

  /** Writes of pods so far: `PATCH a/status`. */
  get podWrites(): string[] {
    return this.api.writes.filter(({ path }) => path.includes("/pods/"))
      .map(({ method, path }) => `${method} ${path.split("/pods/")[1]}`);
  }
}

function conditionOf(pod: Pod, type: string): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status;
}

function test(name: string, run: (harness: Harness) => Promise<void>): void {
  Deno.test(`Kubelet ${name}`, async () => {
    await using folder = await temporaryFolder();
    const harness = new Harness(folder.path);
    try {
      await run(harness);
    } finally {
      await harness.stop();
    }
    assert.ok(harness.runtime.containers.every(({ running }) => !running), "nothing runs");
    assert.deepEqual(await namesIn(folder.path), [], "no file is left");
    assert.equal(harness.clock.sleeping, 0, "nothing sleeps");
  });
}

// The node

test("registers its node with its address and the port of its HTTP", async (t) => {
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

test("brings the node of an earlier run up to date", async (t) => {
  const addresses = [{ type: "InternalIP", address: "127.0.0.99" }];
  t.api.put(NODE, { kind: "Node", status: { addresses } });
  await t.start();
  const [address] = t.api.get<Node>(NODE)?.status?.addresses ?? [];
  assert.notEqual(address?.address, "127.0.0.99");
});

test("goes on trying to register while the API server fails", async (t) => {
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

test("renews its lease if it is told to", async (t) => {
  await t.start({ heartbeatMs: 10_000 });
  const lease = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1";
  const renewTime = (): string | undefined => t.api.get<Lease>(lease)?.spec?.renewTime;
  await eventually(renewTime);
  assert.equal(renewTime(), "2026-01-01T00:00:00.000000Z");
  await t.clock.advance(10_000);
  await eventually(() => renewTime() === "2026-01-01T00:00:10.000000Z");
});

// Running pods

test("runs a pod of its node and reports it", async (t) => {
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

test("leaves the pods of other nodes alone", async (t) => {
  await t.start();
  t.putPod("other", { nodeName: "n2" });
  t.putPod("mine");
  await t.untilReady("mine");
  assert.deepEqual(t.instances("other"), []);
});

test("writes nothing about a pod at rest", async (t) => {
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

test("keeps conditions of others when it writes its own", async (t) => {
  await t.start();
  const theirs = { type: "example/theirs", status: "True" };
  t.putPod("a", {}, { status: { phase: "Pending", conditions: [theirs] } });
  const { status } = await t.untilReady("a");
  assert.deepEqual(status?.conditions?.at(-1), theirs);
});

test("tries again when a status cannot be written", async (t) => {
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

test("mounts volumes, and waits for a Secret that is not there", async (t) => {
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

test("says so in an event when there is no free address", async (t) => {
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

test("runs init containers in order before the others", async (t) => {
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

test("fails a pod that is never restarted when an init container fails", async (t) => {
  await t.start();
  t.putPod("a", { initContainers: [{ name: "one", image: "i" }], restartPolicy: "Never" });
  await eventually(() => t.instances("a").length === 1);
  t.runtime.last.end(1);
  await t.untilPod("a", "failed", ({ status }) => status?.phase === "Failed");
});

test("ends a pod that is never restarted, and frees what it had", async (t) => {
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

test("is not disturbed by pods that cannot run", async (t) => {
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

// The end of pods

test("ends a pod that is deleted, reports its end, and confirms it", async (t) => {
  await t.start();
  t.putPod("a");
  const pod = await t.untilReady("a");
  t.deletePod("a", 30);
  await t.untilGone("a");
  assert.deepEqual(t.runtime.last.signals, ["SIGTERM"]);
  assert.deepEqual(t.podWrites.slice(-2), ["PATCH a/status", "DELETE a"]);
  const status = JSON.stringify(t.api.writes.at(-2)?.body);
  assert.match(status, /"phase":"Succeeded"/);
  const { gracePeriodSeconds, preconditions } = t.api.writes.at(-1)?.body ?? {};
  assert.deepEqual([gracePeriodSeconds, preconditions], [0, { uid: pod.metadata.uid }]);
});

test("kills a pod whose time to end is over", async (t) => {
  await t.start();
  t.putPod("a");
  await t.untilReady("a");
  t.runtime.last.exitCodeOnTerm = undefined;
  t.deletePod("a", 5);
  await eventually(() => t.runtime.last.signals.length === 1);
  await t.clock.advance(4000);
  t.api.put(podPath("a"), { ...t.pod("a") }); // News of the pod do not prolong its time.
  await t.clock.advance(999);
  assert.deepEqual(t.runtime.last.signals, ["SIGTERM"]);
  await t.clock.advance(1);
  assert.deepEqual(t.runtime.last.signals, ["SIGTERM", "SIGKILL"]);
  await t.untilGone("a");
});

test("kills a pod sooner when a second deletion says so", async (t) => {
  await t.start();
  t.putPod("a");
  await t.untilReady("a");
  t.runtime.last.exitCodeOnTerm = undefined;
  t.deletePod("a", 600);
  await eventually(() => t.runtime.last.signals.length === 1);
  t.deletePod("a", 2);
  await settle();
  await t.clock.advance(2000);
  assert.deepEqual(t.runtime.last.signals, ["SIGTERM", "SIGKILL"]);
  await t.untilGone("a");
});

test("ends a pod that has vanished", async (t) => {
  await t.start();
  t.putPod("a");
  await t.untilReady("a");
  t.api.remove(podPath("a"));
  await eventually(() => !t.runtime.last.running);
  assert.equal(t.podWrites.at(-1), "PATCH a/status");
});

test("confirms the deletion of a pod that it has never run", async (t) => {
  t.putPod("a", {}, {
    metadata: { deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30 },
  });
  await t.start();
  await t.untilGone("a");
  assert.deepEqual(t.runtime.containers, []);
});

test("gives a pod that replaces another of its name a new address and a container of its own", async (t) => {
  await t.start();
  t.putPod("a");
  const before = await t.untilReady("a");
  t.runtime.last.exitCodeOnTerm = undefined;
  t.api.remove(podPath("a"));
  t.putPod("a", {}, { metadata: { uid: "another" } });
  const after = await t.untilPod("a", "another one", (pod) => conditionOf(pod, "Ready") === "True");
  assert.notEqual(after.status?.podIP, before.status?.podIP);
  const [first, second] = t.instances("a");
  assert.deepEqual([first?.signals, second?.running], [["SIGTERM"], true]);
  await t.clock.advance(30_000);
  assert.deepEqual([first?.running, second?.running], [false, true]);
});

test("notices that a pod was replaced while it saw only the last state", async (t) => {
  await t.start();
  t.putPod("a");
  await t.untilReady("a");
  t.putPod("a", {}, { metadata: { uid: "another" } }); // One MODIFIED event with another UID.
  await eventually(() => t.instances("a").length === 2);
  await eventually(() => !t.instances("a")[0]?.running);
});

// The end of the kubelet, and the next one

test("ends all containers when it stops, and kills those that do not end", async (t) => {
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

test("gives the pods of an earlier run fresh containers, and leaves those alone that are over", async (t) => {
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
});
