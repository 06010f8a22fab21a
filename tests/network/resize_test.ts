/** When a change is no more than another number of replicas. */

import assert from "node:assert/strict";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { hashOf } from "../../lib/network/hash.ts";
import { APPLIED_ANNOTATION } from "../../lib/network/names.ts";
import { statefulSetOf } from "../../lib/network/objects/stateful_set.ts";
import { resizeOf } from "../../lib/network/resize.ts";
import { OWNER, settings } from "./_samples.ts";

const IMAGE = "bitcoin/bitcoin:30.0";

function setOf(nodes: number, image = IMAGE): StatefulSet {
  return statefulSetOf(OWNER, settings({ nodes, image }), "config");
}

/** As a server has it that was sent it: with the mark, and with what else there is. */
function stored<T extends StatefulSet>(sent: T) {
  const { metadata, ...set } = sent;
  const annotations = { ...metadata?.annotations, [APPLIED_ANNOTATION]: hashOf(sent), theirs: "1" };
  const identity = { name: "net-sts", uid: "uid-1", resourceVersion: "1" };
  return { ...set, metadata: { ...metadata, ...identity, annotations }, status: { replicas: 3 } };
}

Deno.test("resizeOf() is the number and the mark where nothing else differs", () => {
  const expected = {
    metadata: { uid: "uid-1", annotations: { [APPLIED_ANNOTATION]: "new" } },
    spec: { replicas: 5 },
  };
  assert.deepEqual(resizeOf(setOf(5), "new", stored(setOf(3))), expected);
});

Deno.test("resizeOf() is nothing where another field is wanted as well", () => {
  assert.equal(resizeOf(setOf(5, "example.com/other:1"), "new", stored(setOf(3))), undefined);
});

Deno.test("resizeOf() is nothing where a field is no longer wanted", () => {
  const wanted = setOf(3);
  assert.ok(wanted.spec);
  const before = { ...wanted, spec: { ...wanted.spec, minReadySeconds: 5 } };
  assert.equal(resizeOf(setOf(5), "new", stored(before)), undefined);
});

Deno.test("resizeOf() is nothing where somebody else changed something", () => {
  const live = stored(setOf(3));
  const relabelled = { ...live, metadata: { ...live.metadata, labels: { app: "theirs" } } };
  assert.equal(resizeOf(setOf(5), "new", relabelled), undefined);
  const scaled = { ...live, spec: { ...live.spec, replicas: 4 } };
  assert.equal(resizeOf(setOf(5), "new", scaled), undefined);
  const { spec: _lost, ...specless } = live;
  assert.equal(resizeOf(setOf(5), "new", specless), undefined);
});

Deno.test("resizeOf() is nothing for what has no replicas, or no mark", () => {
  const { spec: _none, ...service } = setOf(5);
  assert.equal(resizeOf(service, "new", stored(service)), undefined);
  const live = stored(setOf(3));
  const { [APPLIED_ANNOTATION]: _mark, ...annotations } = live.metadata.annotations;
  const unmarked = { ...live, metadata: { ...live.metadata, annotations } };
  assert.equal(resizeOf(setOf(5), "new", unmarked), undefined);
});
