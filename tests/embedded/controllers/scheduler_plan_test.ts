import assert from "node:assert/strict";

import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";

import { needsNode, placePod } from "../../../lib/embedded/controllers/scheduler_plan.ts";

function node(
  name: string,
  options: { ready?: boolean; cordoned?: boolean; zone?: string } = {},
): Node {
  const { ready = true, cordoned = false, zone } = options;
  return {
    metadata: { name, labels: zone ? { zone } : {} },
    spec: { unschedulable: cordoned },
    status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  };
}

function pod(nodeSelector?: Record<string, string>): Pod {
  return { spec: { containers: [], ...(nodeSelector && { nodeSelector }) } };
}

const TABLE: readonly [string, Pod, readonly Node[], ReturnType<typeof placePod>][] = [
  ["the only node", pod(), [node("a")], { nodeName: "a" }],
  ["the first by name", pod(), [node("b"), node("a")], { nodeName: "a" }],
  ["one that is ready", pod(), [node("a", { ready: false }), node("b")], { nodeName: "b" }],
  ["one that is not cordoned", pod(), [node("a", { cordoned: true }), node("b")], {
    nodeName: "b",
  }],
  ["one that is selected", pod({ zone: "z" }), [node("a"), node("b", { zone: "z" })], {
    nodeName: "b",
  }],
  ["none of no nodes", pod(), [], { unschedulable: "no nodes available to schedule pods" }],
  ["none that is selected", pod({ zone: "y" }), [node("a"), node("b", { zone: "z" })], {
    unschedulable: "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
  }],
  [
    "none for several reasons",
    pod({ zone: "y" }),
    [node("a", { ready: false }), node("b", { cordoned: true }), node("c")],
    {
      unschedulable: "0/3 nodes are available: " +
        "1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }, " +
        "1 node(s) were unschedulable, 1 node(s) didn't match Pod's node affinity/selector.",
    },
  ],
];

for (const [what, candidate, nodes, expected] of TABLE) {
  Deno.test(`placePod() takes ${what}`, () => {
    assert.deepEqual(placePod(candidate, nodes), expected);
  });
}

Deno.test("needsNode() leaves alone what has a node, goes, waits or is another scheduler's", () => {
  const spec = { containers: [] };
  assert.equal(needsNode({ spec }), true);
  assert.equal(needsNode({ spec: { ...spec, schedulerName: "default-scheduler" } }), true);
  assert.equal(needsNode({ spec: { ...spec, nodeName: "a" } }), false);
  assert.equal(needsNode({ spec: { ...spec, schedulerName: "mine" } }), false);
  assert.equal(needsNode({ spec: { ...spec, schedulingGates: [{ name: "g" }] } }), false);
  assert.equal(needsNode({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" }, spec }), false);
});
