import assert from "node:assert/strict";
import type { Member } from "../../lib/network/connections.ts";
import { type Edge, fullMesh } from "../../lib/network/edge.ts";
import { planErrand, type Stragglers } from "../../lib/network/stragglers.ts";
import { dialled, member, up } from "./_samples.ts";

const NONE: Stragglers = new Map();
const MESH = fullMesh(3);
const PATIENCE_MS = 3_000;

/** A node at a height of the one chain, linked or not. */
function node(
  ordinal: number,
  height: number,
  { isLinked = true, tip = `tip-${height}` } = {},
): Member {
  const peers = isLinked ? [dialled(1, "10.0.0.9:18444")] : [];
  return member(ordinal, up({ height, tip, peers }));
}

Deno.test("planErrand() finds nobody behind in a network that is in sync", () => {
  const { stragglers, errand } = planErrand([node(0, 5), node(1, 5)], MESH, NONE, 0);
  assert.equal(stragglers.size, 0);
  assert.equal(errand, undefined);
});

Deno.test("planErrand() helps a node that stands still behind the best chain, after three seconds", () => {
  const members = [node(0, 5), node(1, 7), node(2, 5)];
  const first = planErrand(members, MESH, NONE, 1_000);
  assert.deepEqual([...first.stragglers.keys()], ["net-sts-0", "net-sts-2"]);
  assert.equal(first.errand, undefined);
  const early = planErrand(members, MESH, first.stragglers, 1_000 + PATIENCE_MS - 1);
  assert.equal(early.errand, undefined);
  const late = planErrand(members, MESH, early.stragglers, 1_000 + PATIENCE_MS);
  assert.deepEqual(late.errand, { from: "net-sts-1", to: "net-sts-0" });
});

Deno.test("planErrand() leaves alone a node that comes nearer", () => {
  const first = planErrand([node(0, 9), node(1, 1)], MESH, NONE, 0);
  const { errand } = planErrand([node(0, 9), node(1, 2)], MESH, first.stragglers, PATIENCE_MS);
  assert.equal(errand, undefined);
});

Deno.test("planErrand() leaves alone a node without links, and one that does not answer", () => {
  const silent: Member = { ...node(2, 1), report: undefined };
  const members = [node(0, 9), node(1, 1, { isLinked: false }), silent];
  const first = planErrand(members, MESH, NONE, 0);
  assert.equal(first.stragglers.size, 0);
  assert.equal(planErrand(members, MESH, first.stragglers, PATIENCE_MS).errand, undefined);
});

Deno.test("planErrand() helps nobody against another chain with as much work", () => {
  const other = node(1, 5, { tip: "other" });
  assert.equal(planErrand([node(0, 5), other], MESH, NONE, 0).stragglers.size, 0);
});

Deno.test("planErrand() carries nothing between parts that the topology keeps apart, and helps within each", () => {
  const members = [node(0, 9), node(1, 9), node(2, 5), node(3, 4)];
  const edges: Edge[] = [[0, 1], [2, 3]];
  const first = planErrand(members, edges, NONE, 0);
  assert.deepEqual([...first.stragglers.keys()], ["net-sts-3"]);
  const { errand } = planErrand(members, edges, first.stragglers, PATIENCE_MS);
  assert.deepEqual(errand, { from: "net-sts-2", to: "net-sts-3" });
});
