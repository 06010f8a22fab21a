/** Random graphs: what is promised of them, and that they stay what they were. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { Parts } from "../../lib/network/cuts.ts";
import { type Edge, ordinals } from "../../lib/network/edge.ts";
import { randomGraph } from "../../lib/network/random_graph.ts";

/** Sizes, degrees that they can have, and seeds. */
const GRAPHS = fc.integer({ min: 3, max: 100 }).chain((nodes) =>
  fc.tuple(fc.constant(nodes), fc.integer({ min: 2, max: nodes - 1 }), fc.nat())
);

function namesOf(edges: readonly Edge[]): string[] {
  return edges.map(([low, high]) => `${low}-${high}`);
}

function degreesOf(nodes: number, edges: readonly Edge[]): number[] {
  const degrees = ordinals(nodes).map(() => 0);
  for (const end of edges.flat()) degrees[end] = (degrees[end] ?? 0) + 1;
  return degrees;
}

Deno.test("randomGraph() gives every node its degree, but for the last one if both numbers are odd", () => {
  fc.assert(fc.property(GRAPHS, ([nodes, degree, seed]) => {
    const wanted = ordinals(nodes).map(() => degree);
    if (nodes % 2 === 1 && degree % 2 === 1) wanted[nodes - 1] = degree - 1;
    assert.deepEqual(degreesOf(nodes, randomGraph(nodes, degree, seed)), wanted);
  }));
});

Deno.test("randomGraph() is connected, with each edge once", () => {
  fc.assert(fc.property(GRAPHS, ([nodes, degree, seed]) => {
    const edges = randomGraph(nodes, degree, seed);
    assert.equal(new Set(namesOf(edges)).size, edges.length);
    for (const [low, high] of edges) assert.ok(0 <= low && low < high && high < nodes);
    const parts = new Parts(edges);
    for (const node of ordinals(nodes)) assert.ok(parts.joins(0, node));
  }));
});

Deno.test("randomGraph() changes by at most one degree of new edges and half of that of old ones, a node", () => {
  fc.assert(fc.property(GRAPHS, ([nodes, degree, seed]) => {
    const before = new Set(namesOf(randomGraph(nodes - 1, degree, seed)));
    const after = new Set(namesOf(randomGraph(nodes, degree, seed)));
    assert.ok(after.difference(before).size <= degree);
    assert.ok(before.difference(after).size <= degree / 2);
  }));
});

Deno.test("randomGraph() is the same for a seed in every version of this program, or networks would be wired anew", () => {
  assert.equal(
    namesOf(randomGraph(10, 4, 1)).join(" "),
    "0-1 0-2 1-2 2-3 0-4 3-4 0-5 1-6 3-6 5-7 1-7 4-7 3-8 5-8 6-8 7-8 2-9 5-9 4-9 6-9",
  );
  assert.equal(
    namesOf(randomGraph(9, 3, 2147483647)).join(" "),
    "0-1 0-2 2-3 4-5 0-5 3-5 1-6 3-6 6-7 1-7 4-7 2-8 4-8",
  );
});

Deno.test("randomGraph() is another one for another seed", () => {
  const graphs = ordinals(50).map((seed) => namesOf(randomGraph(20, 4, seed)).sort().join());
  assert.equal(new Set(graphs).size, 50);
});

Deno.test("randomGraph() prefers no node: with an even degree each pair is linked about equally often", () => {
  const nodes = 12;
  const seeds = 2000;
  const counts = new Map<string, number>();
  for (const seed of ordinals(seeds)) {
    for (const edge of namesOf(randomGraph(nodes, 4, seed))) {
      counts.set(edge, (counts.get(edge) ?? 0) + 1);
    }
  }
  // 24 of 66 pairs are linked.
  const expected = seeds * 24 / 66;
  for (const [edge, count] of counts) {
    assert.ok(Math.abs(count / expected - 1) < 0.15, `${edge}: ${count} instead of ${expected}`);
  }
  assert.equal(counts.size, 66);
});
