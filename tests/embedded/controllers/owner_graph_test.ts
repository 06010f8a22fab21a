import assert from "node:assert/strict";

import { OwnerGraph, type OwnerNode } from "../../../lib/embedded/controllers/owner_graph.ts";
import { CONFIG_MAPS } from "../../../lib/kube/mod.ts";
import { ownerReference } from "./_objects.ts";

function node(
  uid: string,
  owners: readonly string[] = [],
  more: Partial<OwnerNode> = {},
): OwnerNode {
  return {
    type: CONFIG_MAPS,
    namespace: "default",
    name: uid,
    uid,
    resourceVersion: "1",
    owners: owners.map((owner) => ownerReference(owner)),
    finalizers: [],
    deleting: false,
    ...more,
  };
}

function uids(nodes: readonly OwnerNode[]): string[] {
  return nodes.map(({ uid }) => uid);
}

Deno.test("OwnerGraph finds dependents before and after their owner is known", () => {
  const graph = new OwnerGraph();
  graph.put(node("child", ["owner"]));
  assert.deepEqual(uids(graph.dependentsOf("owner")), ["child"]);
  graph.put(node("owner"));
  graph.put(node("other", ["owner", "second"]));
  assert.deepEqual(uids(graph.dependentsOf("owner")), ["child", "other"]);
  assert.deepEqual(uids(graph.dependentsOf("second")), ["other"]);
});

Deno.test("OwnerGraph.put() asks for a look at what is new or linked otherwise, not at every change", () => {
  const graph = new OwnerGraph();
  assert.deepEqual(graph.put(node("a", ["x"])), ["a"]);
  assert.deepEqual(graph.put(node("a", ["x"], { resourceVersion: "2" })), []);
  assert.deepEqual(graph.put(node("a", ["y"], { resourceVersion: "3" })), ["a"]);
  assert.deepEqual(graph.put(node("a", ["y"], { deleting: true })), ["a"]);
  assert.deepEqual(uids(graph.dependentsOf("x")), []);
});

Deno.test("OwnerGraph.remove() asks for a look at the dependents and at owners that wait", () => {
  const graph = new OwnerGraph();
  graph.put(node("plain"));
  graph.put(node("foreground", [], { deleting: true, finalizers: ["foregroundDeletion"] }));
  graph.put(node("middle", ["plain", "foreground"]));
  graph.put(node("leaf", ["middle"]));
  assert.deepEqual(graph.remove("middle"), ["leaf", "foreground"]);
  assert.equal(graph.get("middle"), undefined);
  assert.deepEqual(uids(graph.dependentsOf("plain")), []);
  assert.deepEqual(graph.remove("unknown"), []);
});

Deno.test("OwnerGraph.put() asks for a look at an owner that waits and has lost a dependent", () => {
  const graph = new OwnerGraph();
  graph.put(node("orphaning", [], { deleting: true, finalizers: ["orphan"] }));
  graph.put(node("child", ["orphaning"]));
  assert.deepEqual(graph.put(node("child", [])), ["child", "orphaning"]);
});

Deno.test("OwnerGraph forgets everything about objects that are gone", () => {
  const graph = new OwnerGraph();
  graph.put(node("self", ["self"]));
  graph.put(node("child", ["self"]));
  graph.remove("self");
  graph.remove("child");
  assert.equal(graph.size, 0);
  assert.deepEqual(graph.dependentsOf("self"), []);
});

Deno.test("OwnerGraph takes time in proportion to the change, not to the graph", () => {
  const graph = new OwnerGraph();
  const count = 20_000;
  for (let i = 0; i < count; i++) graph.put(node(`child-${i}`, ["owner"]));
  for (let i = 0; i < count; i++) graph.remove(`child-${i}`);
  assert.equal(graph.size, 0);
});
