import type { Pod } from "kubernetes-types/core/v1.d.ts";
import assert from "node:assert/strict";

import type {
  ContainerSnapshot,
  PodSnapshot,
} from "../../../lib/embedded/kubelet/container_state.ts";
import { podStatus, statusPatch } from "../../../lib/embedded/kubelet/pod_status.ts";

const T0 = Date.UTC(2026, 0, 1);
const AT_0 = "2026-01-01T00:00:00Z";
const AT_5 = "2026-01-01T00:00:05Z";

const pod: Pod = {
  metadata: { name: "p", generation: 2 },
  spec: { containers: [{ name: "c" }], restartPolicy: "Always" },
  status: {
    phase: "Pending",
    qosClass: "BestEffort",
    conditions: [
      { type: "PodScheduled", status: "True", lastTransitionTime: AT_0 },
      { type: "DisruptionTarget", status: "False", reason: "theirs" },
    ],
  },
};

const running: ContainerSnapshot = {
  name: "c",
  image: "i",
  state: { kind: "running", startedAtMs: T0 + 900 },
  restartCount: 0,
  started: true,
  ready: false,
  containerId: "process://7",
};

function statusOf(of: Pod, containers: ContainerSnapshot[], rest: Partial<PodSnapshot> = {}) {
  const snapshot = { ip: "127.1.0.2", initContainers: [], finished: false, containers, ...rest };
  return podStatus({
    pod: of,
    snapshot,
    hostIp: "127.1.0.1",
    seenAtMs: T0,
    nowMs: T0 + 5000,
  });
}

Deno.test("podStatus() is what a kubelet writes for a pod that runs and is not ready", () => {
  const observedGeneration = 2;
  assert.deepEqual(statusOf(pod, [running]), {
    phase: "Running",
    conditions: [
      {
        type: "PodReadyToStartContainers",
        status: "True",
        lastTransitionTime: AT_5,
        observedGeneration,
      },
      { type: "Initialized", status: "True", lastTransitionTime: AT_5, observedGeneration },
      {
        type: "Ready",
        status: "False",
        reason: "ContainersNotReady",
        message: "containers with unready status: [c]",
        lastTransitionTime: AT_5,
        observedGeneration,
      },
      {
        type: "ContainersReady",
        status: "False",
        reason: "ContainersNotReady",
        message: "containers with unready status: [c]",
        lastTransitionTime: AT_5,
        observedGeneration,
      },
      { type: "PodScheduled", status: "True", lastTransitionTime: AT_0, observedGeneration },
      { type: "DisruptionTarget", status: "False", reason: "theirs" },
    ],
    hostIP: "127.1.0.1",
    hostIPs: [{ ip: "127.1.0.1" }],
    podIP: "127.1.0.2",
    podIPs: [{ ip: "127.1.0.2" }],
    startTime: AT_0,
    containerStatuses: [{
      name: "c",
      image: "i",
      imageID: "i",
      state: { running: { startedAt: AT_0 } },
      lastState: {},
      ready: false,
      started: true,
      restartCount: 0,
      containerID: "process://7",
    }],
    observedGeneration,
  });
});

Deno.test("podStatus() keeps the time of a condition that does not change", () => {
  const before = statusOf(pod, [running]);
  const conditions = before.conditions?.map((condition) => ({
    ...condition,
    lastTransitionTime: "2025-12-31T00:00:00Z",
  }));
  const after = statusOf({ ...pod, status: { ...before, conditions: conditions ?? [] } }, [
    { ...running, ready: true },
  ]);
  const changed = after.conditions?.filter(({ lastTransitionTime }) => lastTransitionTime === AT_5);
  assert.deepEqual(changed?.map(({ type, status }) => `${type}=${status}`), [
    "Ready=True",
    "ContainersReady=True",
  ]);
});

Deno.test("podStatus() shows how a container ended and why it waits", () => {
  const last = {
    kind: "terminated",
    exitCode: 128,
    reason: "StartError",
    message: "exec: x",
    startedAtMs: 0,
    finishedAtMs: T0,
  } as const;
  const state = { kind: "waiting", reason: "CrashLoopBackOff", message: "back-off 10s" } as const;
  const status = statusOf(pod, [{
    name: "c",
    image: "i",
    state,
    last,
    restartCount: 3,
    started: false,
    ready: false,
  }]);
  assert.equal(status.phase, "Running");
  assert.deepEqual(status.containerStatuses, [{
    name: "c",
    image: "i",
    imageID: "i",
    state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
    lastState: {
      terminated: {
        exitCode: 128,
        reason: "StartError",
        message: "exec: x",
        startedAt: "1970-01-01T00:00:00Z",
        finishedAt: AT_0,
      },
    },
    ready: false,
    started: false,
    restartCount: 3,
  }]);
});

Deno.test("podStatus() is not ready while a readiness gate is closed", () => {
  const gated: Pod = {
    ...pod,
    spec: { containers: [{ name: "c" }], readinessGates: [{ conditionType: "example/open" }] },
  };
  const ready = { ...running, ready: true };
  const readyOf = (of: Pod) =>
    statusOf(of, [ready]).conditions?.find(({ type }) => type === "Ready");
  assert.equal(readyOf(gated)?.reason, "ReadinessGatesNotReady");
  const open = { type: "example/open", status: "True" };
  assert.equal(readyOf({ ...gated, status: { conditions: [open] } })?.status, "True");
});

Deno.test("podStatus() tells of init containers and which of them are not done", () => {
  const init: ContainerSnapshot = { ...running, name: "setup", started: false };
  const waiting: ContainerSnapshot = {
    name: "c",
    image: "i",
    state: { kind: "waiting", reason: "PodInitializing" },
    restartCount: 0,
    started: false,
    ready: false,
  };
  const status = statusOf(pod, [waiting], { initContainers: [init] });
  assert.equal(status.phase, "Pending");
  assert.equal(status.initContainerStatuses?.[0]?.name, "setup");
  const condition = status.conditions?.find(({ type }) => type === "Initialized");
  assert.equal(condition?.message, "containers with incomplete status: [setup]");
});

Deno.test("statusPatch() holds only the fields that differ", () => {
  const stored = statusOf(pod, [running]);
  assert.equal(statusPatch({ ...stored, qosClass: "BestEffort" }, stored), undefined);
  assert.deepEqual(statusPatch({ ...stored, phase: "Pending" }, stored), { phase: "Running" });
});

Deno.test("statusPatch() takes null, absent and empty for the same", () => {
  const wanted = statusOf(pod, [running]);
  const asStored = JSON.parse(
    JSON.stringify(wanted, (key, value) => key === "lastState" ? undefined : value),
  );
  asStored.conditions[0].lastProbeTime = null;
  assert.equal(statusPatch(asStored, wanted), undefined);
});
