import assert from "node:assert/strict";

import {
  claim,
  obstaclesOf,
  setsOfPod,
  setsOfRevision,
} from "../../../lib/embedded/controllers/stateful_set_claims.ts";
import type { Stored } from "../../../lib/kube/mod.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { makePod, makeSet, ownerReference } from "./_objects.ts";

function relabelled(pod: Stored<Pod>, labels: Record<string, string>): Stored<Pod> {
  return { ...pod, metadata: { ...pod.metadata, labels } };
}

const ours = makePod(0);
const escaped = relabelled(makePod(1), { app: "else" });
const orphan = makePod(2, "ready", { owner: null });
const stranger = relabelled(makePod(3, "ready", { owner: null }), { app: "else" });
const inherited = makePod(4, "ready", { owner: ownerReference("uid-web-before") });
const foreign = makePod(5, "ready", { owner: ownerReference("uid-db", { name: "db" }) });
const dyingOrphan = makePod(6, "terminating", { owner: null });
const all = [ours, escaped, orphan, stranger, inherited, foreign, dyingOrphan];

Deno.test("claim() sorts pods into those to keep, to adopt and to release", () => {
  assert.deepEqual(claim(makeSet(), all), { owned: [ours], adopt: [orphan], release: [escaped] });
});

Deno.test("obstaclesOf() tells who stays in the way from who is about to go", () => {
  assert.deepEqual([...obstaclesOf(makeSet(), [ours, stranger, inherited, foreign, dyingOrphan])], [
    ["web-3", "foreign"],
    ["web-4", "leaving"],
    ["web-5", "foreign"],
    ["web-6", "leaving"],
  ]);
});

Deno.test("setsOfPod() finds the set by controller and by name", () => {
  assert.deepEqual(setsOfPod(ours), ["default/web"]);
  assert.deepEqual(setsOfPod(orphan), ["default/web"]);
  assert.deepEqual(setsOfPod(foreign), ["default/db", "default/web"]);
  const job = makePod(0, "ready", { owner: ownerReference("uid-job", { kind: "Job", name: "j" }) });
  assert.deepEqual(setsOfPod({ ...job, metadata: { ...job.metadata, name: "j-x7f" } }), []);
});

Deno.test("setsOfRevision() finds the set of an orphaned revision by its name", () => {
  const revision = {
    revision: 1,
    metadata: { name: "my-web-5d8f", namespace: "default", uid: "u", resourceVersion: "1" },
  };
  assert.deepEqual(setsOfRevision(revision), ["default/my-web"]);
});
