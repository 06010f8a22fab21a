/** When a change is no more than another number of replicas. */

import assert from "node:assert/strict";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { APPLIED_ANNOTATION } from "../../lib/network/names.ts";
import { statefulSetOf } from "../../lib/network/objects/stateful_set.ts";
import { resizeOf } from "../../lib/network/resize.ts";
import { OWNER, settings } from "./_samples.ts";

function setOf(nodes: number, mark: string, image = "bitcoin/bitcoin:30.0"): StatefulSet {
  const set = statefulSetOf(OWNER, settings({ nodes, image }), "config");
  const annotations = { ...set.metadata?.annotations, [APPLIED_ANNOTATION]: mark };
  return { ...set, metadata: { ...set.metadata, annotations } };
}

/** As a server has it: with what else there is. */
function stored<T extends StatefulSet>({ metadata, ...set }: T) {
  const annotations = { ...metadata?.annotations, theirs: "1" };
  const identity = { name: "net-sts", uid: "uid-1", resourceVersion: "1" };
  return { ...set, metadata: { ...metadata, ...identity, annotations }, status: { replicas: 3 } };
}

Deno.test("resizeOf() is the number and the mark where nothing else differs", () => {
  const expected = {
    metadata: { uid: "uid-1", annotations: { [APPLIED_ANNOTATION]: "new" } },
    spec: { replicas: 5 },
  };
  assert.deepEqual(resizeOf(setOf(5, "new"), stored(setOf(3, "old"))), expected);
});

Deno.test("resizeOf() is nothing where another field differs as well", () => {
  const live = setOf(3, "old");
  assert.equal(resizeOf(setOf(5, "new", "example.com/other:1"), stored(live)), undefined);
  const relabelled = { ...live, metadata: { ...live.metadata, labels: { app: "theirs" } } };
  assert.equal(resizeOf(setOf(5, "new"), stored(relabelled)), undefined);
  const { spec: _lost, ...specless } = live;
  assert.equal(resizeOf(setOf(5, "new"), stored(specless)), undefined);
});

Deno.test("resizeOf() is nothing for what has no replicas, or no mark", () => {
  const { spec: _none, ...service } = setOf(5, "new");
  assert.equal(resizeOf(service, stored(service)), undefined);
  const unmarked = statefulSetOf(OWNER, settings({ nodes: 5 }), "config");
  assert.equal(resizeOf(unmarked, stored(setOf(3, "old"))), undefined);
});
