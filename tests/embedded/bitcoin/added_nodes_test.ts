import assert from "node:assert/strict";
import { AddedNodes } from "../../../lib/embedded/bitcoin/added_nodes.ts";

Deno.test("AddedNodes keeps names as they were added, in order, each address once", () => {
  const added = new AddedNodes(["10.0.0.1"]);
  assert.equal(added.add("10.0.0.1:18444"), false);
  assert.equal(added.add("10.0.0.1:1"), true);
  assert.equal(added.add("a"), true);
  assert.equal(added.add("a:18444"), true, "Names are compared as texts");
  assert.equal(added.add("a"), false);
  assert.deepEqual(added.names, ["10.0.0.1", "10.0.0.1:1", "a", "a:18444"]);
});

Deno.test("AddedNodes.remove() wants the name as it was added", () => {
  const added = new AddedNodes(["10.0.0.1", "a"]);
  assert.equal(added.remove("10.0.0.1:18444"), false);
  assert.equal(added.remove("10.0.0.1"), true);
  assert.equal(added.remove("10.0.0.1"), false);
  assert.deepEqual(added.names, ["a"]);
});
