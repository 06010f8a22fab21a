import assert from "node:assert/strict";

import type { StatefulSetSpec } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";

import type { Obstacle } from "../../../lib/embedded/controllers/stateful_set_claims.ts";
import { ordinalOf, REVISION_LABEL } from "../../../lib/embedded/controllers/stateful_set_pod.ts";
import {
  planStatefulSet,
  type StatefulSetAction,
} from "../../../lib/embedded/controllers/stateful_set_plan.ts";
import type { Stored } from "../../../lib/kube/mod.ts";
import { makePod, makeSet, NOW } from "./_objects.ts";

/** An action as a short text: `create 0 new`, `delete 2 scale-down`. */
function brief(action: StatefulSetAction): string {
  switch (action.type) {
    case "create":
      return `create ${action.ordinal} ${action.revision}`;
    case "delete":
      return `delete ${ordinalOf("web", action.pod)} ${action.reason}`;
    default:
      return `${action.type} ${action.ordinal}`;
  }
}

function plan(
  spec: Partial<StatefulSetSpec>,
  pods: readonly Stored<Pod>[],
  obstacles: Readonly<Record<string, Obstacle>> = {},
): string[] {
  return planStatefulSet({
    set: makeSet(spec),
    pods,
    obstacles: new Map(Object.entries(obstacles)),
    currentRevision: "old",
    updateRevision: "new",
    nowMs: NOW,
  }).map(brief);
}

const ORDERED = { podManagementPolicy: "OrderedReady" } as const;
const old = { revision: "old" };

const TABLE: readonly {
  readonly when: string;
  readonly spec?: Partial<StatefulSetSpec>;
  readonly pods: readonly Stored<Pod>[];
  readonly obstacles?: Readonly<Record<string, Obstacle>>;
  readonly then: readonly string[];
}[] = [
  {
    when: "it is parallel and empty",
    pods: [],
    then: ["create 0 new", "create 1 new", "create 2 new"],
  },
  { when: "it is ordered and empty", spec: ORDERED, pods: [], then: ["create 0 new"] },
  {
    when: "it is ordered and the first pod is not ready",
    spec: ORDERED,
    pods: [makePod(0, "running")],
    then: [],
  },
  {
    when: "it is ordered and the first pod is ready",
    spec: ORDERED,
    pods: [makePod(0)],
    then: ["create 1 new"],
  },
  {
    when: "it is ordered and the first pod has not been ready for minReadySeconds",
    spec: { ...ORDERED, minReadySeconds: 10 },
    pods: [makePod(0, "ready", { readyForMs: 9_999 })],
    then: [],
  },
  {
    when: "it is ordered and the first pod has been ready for minReadySeconds",
    spec: { ...ORDERED, minReadySeconds: 10 },
    pods: [makePod(0, "ready", { readyForMs: 10_000 })],
    then: ["create 1 new"],
  },
  { when: "all is well", pods: [makePod(0), makePod(1), makePod(2)], then: [] },
  { when: "a pod in the middle is gone", pods: [makePod(0), makePod(2)], then: ["create 1 new"] },
  {
    when: "a pod is terminating",
    pods: [makePod(0), makePod(1, "terminating"), makePod(2)],
    then: [],
  },
  {
    when: "a pod has failed",
    pods: [makePod(0), makePod(1, "failed"), makePod(2)],
    then: ["delete 1 finished"],
  },
  {
    when: "it starts at an ordinal above zero",
    spec: { ordinals: { start: 5 }, replicas: 2 },
    pods: [makePod(0)],
    then: ["create 5 new", "create 6 new", "delete 0 scale-down"],
  },
  {
    when: "somebody else's pod has a name",
    pods: [makePod(0), makePod(2)],
    obstacles: { "web-1": "foreign" },
    then: ["report-taken 1"],
  },
  {
    when: "a pod of a set of the same name, deleted before, has a name",
    pods: [makePod(0), makePod(2)],
    obstacles: { "web-1": "leaving" },
    then: [],
  },
  {
    when: "it is parallel and scaled down",
    spec: { replicas: 1 },
    pods: [makePod(0), makePod(1), makePod(2), makePod(3, "terminating")],
    then: ["delete 2 scale-down", "delete 1 scale-down"],
  },
  {
    when: "it is ordered and scaled down",
    spec: { ...ORDERED, replicas: 1 },
    pods: [makePod(0), makePod(1), makePod(2)],
    then: ["delete 2 scale-down"],
  },
  {
    when: "it is ordered and the highest pod is still terminating",
    spec: { ...ORDERED, replicas: 1 },
    pods: [makePod(0), makePod(1), makePod(2, "terminating")],
    then: [],
  },
  {
    when: "it is ordered and a pod below the unready highest one is not healthy either",
    spec: { ...ORDERED, replicas: 1 },
    pods: [makePod(0), makePod(1, "running"), makePod(2, "running")],
    then: [],
  },
  {
    when: "it is ordered and only the highest pod is not healthy",
    spec: { ...ORDERED, replicas: 1 },
    pods: [makePod(0), makePod(1), makePod(2, "running")],
    then: ["delete 2 scale-down"],
  },
  {
    when: "the template changed",
    pods: [makePod(0, "ready", old), makePod(1, "ready", old), makePod(2, "ready", old)],
    then: ["delete 2 outdated"],
  },
  {
    when: "the new pod is not ready yet",
    pods: [makePod(0, "ready", old), makePod(1, "ready", old), makePod(2, "running")],
    then: [],
  },
  {
    when: "the new pod is ready",
    pods: [makePod(0, "ready", old), makePod(1, "ready", old), makePod(2)],
    then: ["delete 1 outdated"],
  },
  {
    when: "the new pod is not available yet",
    spec: { minReadySeconds: 90 },
    pods: [makePod(0, "ready", old), makePod(1, "ready", old), makePod(2)],
    then: [],
  },
  {
    when: "the highest old pod is broken",
    pods: [makePod(0, "ready", old), makePod(1, "ready", old), makePod(2, "running", old)],
    then: ["delete 2 outdated"],
  },
  {
    when: "the template changed and a partition keeps the lower pods",
    spec: { updateStrategy: { rollingUpdate: { partition: 2 } } },
    pods: [makePod(0, "ready", old), makePod(1, "ready", old), makePod(2)],
    then: [],
  },
  {
    when: "a pod below the partition is gone",
    spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } },
    pods: [makePod(1, "ready", old), makePod(2)],
    then: ["create 0 old"],
  },
  {
    when: "the template changed and the strategy is OnDelete",
    spec: { updateStrategy: { type: "OnDelete" } },
    pods: [makePod(0, "ready", old), makePod(2, "ready", old)],
    then: ["create 1 new"],
  },
  {
    when: "a failed pod is outdated as well",
    pods: [makePod(0, "ready", old), makePod(1, "ready", old), makePod(2, "failed", old)],
    then: ["delete 2 finished"],
  },
];

for (const { when, spec = {}, pods, obstacles, then } of TABLE) {
  Deno.test(`planStatefulSet() answers [${then.join(", ")}] when ${when}`, () => {
    assert.deepEqual(plan(spec, pods, obstacles), then);
  });
}

Deno.test("planStatefulSet() puts the identity label back when somebody removed it", () => {
  const pod = makePod(1);
  const nameless = { ...pod, metadata: { ...pod.metadata, labels: { [REVISION_LABEL]: "new" } } };
  assert.deepEqual(plan({}, [makePod(0), nameless, makePod(2)]), ["relabel 1"]);
});
