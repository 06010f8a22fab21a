import assert from "node:assert/strict";

import fc from "fast-check";
import type { StatefulSetSpec } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";

import { planStatefulSet } from "../../../lib/embedded/controllers/stateful_set_plan.ts";
import { ordinalOf, REVISION_LABEL } from "../../../lib/embedded/controllers/stateful_set_pod.ts";
import type { Stored } from "../../../lib/kube/mod.ts";
import { type Life, makePod, makeSet, NOW } from "./_objects.ts";

const lives = fc.constantFrom<Life>("pending", "running", "ready", "terminating", "failed");
const anyPods = fc.array(fc.option(fc.tuple(lives, fc.constantFrom("old", "new"))), {
  maxLength: 7,
}).map((slots) =>
  slots.flatMap((slot, ordinal) => slot ? [makePod(ordinal, slot[0], { revision: slot[1] })] : [])
);
const anySpec = fc.record({
  replicas: fc.nat(6),
  podManagementPolicy: fc.constantFrom("Parallel", "OrderedReady"),
  updateStrategy: fc.oneof(
    fc.constant({ type: "OnDelete" }),
    fc.nat(4).map((partition) => ({ type: "RollingUpdate", rollingUpdate: { partition } })),
  ),
});

Deno.test("planStatefulSet() keeps its promises for any pods", () => {
  fc.assert(
    fc.property(anySpec, anyPods, (spec, pods) => {
      const actions = planStatefulSet({
        set: makeSet(spec),
        pods,
        obstacles: new Map(),
        currentRevision: "old",
        updateRevision: "new",
        nowMs: NOW,
      });
      const byOrdinal = new Map(pods.map((pod) => [ordinalOf("web", pod), pod]));
      const touched = actions.map((action) =>
        action.type === "delete" ? ordinalOf("web", action.pod) : action.ordinal
      );
      assert.equal(new Set(touched).size, touched.length, "one action for a pod at most");
      for (const action of actions) {
        if (action.type === "create") {
          assert.ok(!byOrdinal.has(action.ordinal), "never a second pod for an ordinal");
          assert.ok(action.ordinal < spec.replicas);
        }
        if (action.type !== "delete") continue;
        const ordinal = ordinalOf("web", action.pod) ?? -1;
        assert.equal(action.pod.metadata.deletionTimestamp, undefined, "never deleted twice");
        if (action.reason === "scale-down") assert.ok(ordinal >= spec.replicas);
        else assert.ok(ordinal < spec.replicas);
        if (action.reason !== "outdated") continue;
        for (let above = ordinal + 1; above < spec.replicas; above++) {
          const pod = byOrdinal.get(above);
          assert.equal(pod?.metadata.labels?.[REVISION_LABEL], "new", "rolls from the top");
          assert.equal(pod?.metadata.deletionTimestamp, undefined);
          assert.equal(pod?.status?.conditions?.[0]?.status, "True", "waits for ready");
        }
      }
      const outdated = actions.filter((action) =>
        action.type === "delete" && action.reason === "outdated"
      );
      assert.ok(outdated.length <= 1, "rolls one at a time");
      if (spec.podManagementPolicy === "OrderedReady") assert.ok(actions.length <= 1);
    }),
    { numRuns: 2000 },
  );
});

/** Lets a pod live on: what is pending becomes ready, what is terminating goes, what is planned happens. */
function nextWorld(
  spec: Partial<StatefulSetSpec>,
  pods: readonly Stored<Pod>[],
): { pods: readonly Stored<Pod>[]; still: boolean } {
  const actions = planStatefulSet({
    set: makeSet(spec),
    pods,
    obstacles: new Map(),
    currentRevision: "old",
    updateRevision: "new",
    nowMs: NOW,
  });
  const deleted = new Set(actions.flatMap((a) => a.type === "delete" ? [a.pod] : []));
  const lived = pods.filter((pod) => !pod.metadata.deletionTimestamp).map((pod) => {
    const ordinal = ordinalOf("web", pod) ?? -1;
    const revision = pod.metadata.labels?.[REVISION_LABEL] ?? "";
    if (deleted.has(pod)) return makePod(ordinal, "terminating", { revision });
    return pod.status?.phase === "Failed" ? pod : makePod(ordinal, "ready", { revision });
  });
  const created = actions.flatMap((action) =>
    action.type === "create"
      ? [makePod(action.ordinal, "pending", { revision: action.revision })]
      : []
  );
  const next = [...lived, ...created];
  return {
    pods: next,
    still: actions.length === 0 && JSON.stringify(next) === JSON.stringify(pods),
  };
}

Deno.test("planStatefulSet() reaches the wanted pods from any pods and then rests", () => {
  fc.assert(
    fc.property(anySpec, anyPods, (spec, start) => {
      let world: ReturnType<typeof nextWorld> = { pods: start, still: false };
      for (let round = 0; round < 60 && !world.still; round++) world = nextWorld(spec, world.pods);
      assert.ok(world.still);
      const revisions = world.pods
        .toSorted((a, b) => (ordinalOf("web", a) ?? 0) - (ordinalOf("web", b) ?? 0))
        .map((pod) => pod.metadata.labels?.[REVISION_LABEL]);
      assert.equal(revisions.length, spec.replicas);
      if ("rollingUpdate" in spec.updateStrategy) {
        const { partition } = spec.updateStrategy.rollingUpdate;
        assert.ok(revisions.slice(partition).every((revision) => revision === "new"));
      }
    }),
    { numRuns: 500 },
  );
});
