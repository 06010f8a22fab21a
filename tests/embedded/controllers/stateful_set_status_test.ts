import assert from "node:assert/strict";

import type { StatefulSetSpec } from "kubernetes-types/apps/v1.d.ts";

import {
  countStatus,
  statusChange,
} from "../../../lib/embedded/controllers/stateful_set_status.ts";
import { makePod, makeSet, NOW } from "./_objects.ts";

const REVISIONS = { current: "old", update: "new", collisionCount: 1 };
const ROLLING = [
  makePod(0, "ready", { revision: "old" }),
  makePod(1, "terminating", { revision: "old" }),
  makePod(2, "running"),
];

function count(spec: Partial<StatefulSetSpec>, pods = ROLLING): ReturnType<typeof countStatus> {
  return countStatus(makeSet(spec, { generation: 4 }), pods, REVISIONS, NOW);
}

Deno.test("countStatus() counts by readiness and revision in the middle of a roll", () => {
  assert.deepEqual(count({}), {
    observedGeneration: 4,
    replicas: 3,
    readyReplicas: 2,
    availableReplicas: 2,
    currentReplicas: 1,
    updatedReplicas: 1,
    currentRevision: "old",
    updateRevision: "new",
    collisionCount: 1,
  });
});

Deno.test("countStatus() counts a pod as available only after minReadySeconds", () => {
  const pods = [
    makePod(0, "ready", { readyForMs: 4_000 }),
    makePod(1, "ready", { readyForMs: 6_000 }),
  ];
  const { readyReplicas, availableReplicas } = count({ minReadySeconds: 5 }, pods);
  assert.deepEqual({ readyReplicas, availableReplicas }, {
    readyReplicas: 2,
    availableReplicas: 1,
  });
});

Deno.test("countStatus() makes the update revision the current one when a roll is complete", () => {
  const { currentRevision, currentReplicas } = count({}, [makePod(0), makePod(1), makePod(2)]);
  assert.deepEqual({ currentRevision, currentReplicas }, {
    currentRevision: "new",
    currentReplicas: 3,
  });
});

Deno.test("countStatus() leaves the current revision alone with OnDelete", () => {
  const pods = [makePod(0), makePod(1), makePod(2)];
  const { currentRevision } = count({ updateStrategy: { type: "OnDelete" } }, pods);
  assert.equal(currentRevision, "old");
});

Deno.test("statusChange() is undefined when nothing differs, absent zeros included", () => {
  const wanted = count({ replicas: 0 }, []);
  const { readyReplicas: _, availableReplicas: __, ...stored } = wanted;
  assert.equal(statusChange({ ...stored, replicas: 0 }, wanted), undefined);
  assert.equal(statusChange({ ...stored, conditions: [] }, wanted), undefined);
});

Deno.test("statusChange() is the whole status when a field differs or there is none", () => {
  const wanted = count({});
  assert.equal(statusChange({ ...wanted, readyReplicas: 1 }, wanted), wanted);
  assert.equal(statusChange({ ...wanted, updateRevision: "x" }, wanted), wanted);
  assert.equal(statusChange(undefined, wanted), wanted);
});
