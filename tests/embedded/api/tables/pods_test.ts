import assert from "node:assert/strict";

import type { ApiObject } from "../../../../lib/embedded/api/object.ts";
import { PODS_TABLE } from "../../../../lib/embedded/api/tables/pods.ts";

const NOW = Date.UTC(2026, 0, 1);
const RUNNING = { running: {} };

function pod(
  status: Record<string, unknown>,
  spec: Record<string, unknown> = {},
  metadata = {},
): ApiObject {
  return {
    metadata: { name: "p", creationTimestamp: "2025-12-31T23:59:00Z", ...metadata },
    spec: { containers: [{ name: "a" }, { name: "b" }], ...spec } as ApiObject["spec"] & object,
    status: status as ApiObject["status"] & object,
  };
}

function container(state: unknown, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { name: "a", ready: false, restartCount: 0, state, ...more };
}

for (
  const [what, object, ready, status, restarts] of [
    ["a pod that nobody has seen", pod({ phase: "Pending" }), "0/2", "Pending", "0"],
    [
      "a running pod",
      pod({
        phase: "Running",
        containerStatuses: [container(RUNNING, { ready: true }), container(RUNNING)],
      }),
      "1/2",
      "Running",
      "0",
    ],
    [
      "a pod whose image cannot be pulled",
      pod({
        phase: "Pending",
        containerStatuses: [container({ waiting: { reason: "ErrImagePull" } })],
      }),
      "0/2",
      "ErrImagePull",
      "0",
    ],
    [
      "a pod that was restarted",
      pod({
        phase: "Running",
        containerStatuses: [
          container(RUNNING, {
            ready: true,
            restartCount: 3,
            lastState: { terminated: { exitCode: 1, finishedAt: "2025-12-31T23:59:30Z" } },
          }),
        ],
      }),
      "1/2",
      "Running",
      "3 (30s ago)",
    ],
    [
      "a pod that crashed",
      pod({ phase: "Running", containerStatuses: [container({ terminated: { exitCode: 7 } })] }),
      "0/2",
      "ExitCode:7",
      "0",
    ],
    [
      "a pod that was killed",
      pod({
        phase: "Running",
        containerStatuses: [container({ terminated: { exitCode: 137, signal: 9 } })],
      }),
      "0/2",
      "Signal:9",
      "0",
    ],
    [
      "a pod that is done",
      pod({
        phase: "Succeeded",
        containerStatuses: [container({ terminated: { exitCode: 0, reason: "Completed" } })],
      }),
      "0/2",
      "Completed",
      "0",
    ],
    [
      "a pod of which one container is done and the other runs",
      pod({
        phase: "Running",
        conditions: [{ type: "Ready", status: "True" }],
        containerStatuses: [
          container({ terminated: { exitCode: 0, reason: "Completed" } }),
          container(RUNNING, { ready: true }),
        ],
      }),
      "1/2",
      "Running",
      "0",
    ],
    [
      "a pod that is ending",
      pod({ phase: "Running" }, {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
      "0/2",
      "Terminating",
      "0",
    ],
    [
      "a pod on a lost node",
      pod({ phase: "Running", reason: "NodeLost" }, {}, {
        deletionTimestamp: "2026-01-01T00:00:00Z",
      }),
      "0/2",
      "Unknown",
      "0",
    ],
    ["an evicted pod", pod({ phase: "Failed", reason: "Evicted" }), "0/2", "Evicted", "0"],
    [
      "a pod in its second of two init containers",
      pod({
        phase: "Pending",
        initContainerStatuses: [container({ terminated: { exitCode: 0 } }), container(RUNNING)],
      }, { initContainers: [{}, {}] }),
      "0/2",
      "Init:1/2",
      "0",
    ],
    [
      "a pod whose init container failed",
      pod({
        phase: "Pending",
        initContainerStatuses: [
          container({ terminated: { exitCode: 1, reason: "Error" } }, { restartCount: 2 }),
        ],
      }, { initContainers: [{}] }),
      "0/2",
      "Init:Error",
      "2",
    ],
    [
      "a pod behind a gate",
      pod({
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
      }),
      "0/2",
      "SchedulingGated",
      "0",
    ],
  ] as const
) {
  Deno.test(`PODS_TABLE shows ${what} as ${ready} ${status} ${restarts}`, () => {
    assert.deepEqual(PODS_TABLE.cells(object, NOW).slice(0, 5), [
      "p",
      ready,
      status,
      restarts,
      "60s",
    ]);
  });
}

Deno.test("PODS_TABLE shows address, node and readiness gates when it is wide", () => {
  const object = pod({
    phase: "Running",
    podIP: "127.1.0.1",
    podIPs: [{ ip: "127.1.0.1" }],
    conditions: [{ type: "x/y", status: "True" }],
  }, { nodeName: "n", readinessGates: [{ conditionType: "x/y" }, { conditionType: "z" }] });
  assert.deepEqual(PODS_TABLE.cells(object, NOW).slice(5), ["127.1.0.1", "n", "<none>", "1/2"]);
});
