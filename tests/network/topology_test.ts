/** Edges and dials, for every number of nodes that a network may have. */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ADDED_NODE_SLOTS,
  type Dial,
  dialsOf,
  type Edge,
  fullMesh,
} from "../../lib/network/topology.ts";

const NODES = fc.integer({ min: 0, max: 100 });

/** Any set of edges of a network of some size. */
const SPARSE = NODES.chain((nodes) =>
  fc.subarray(fullMesh(nodes)).map((edges) => ({ nodes, edges }))
);

/** Each dial as `from>to`. */
function arrows(dials: readonly (readonly Dial[])[]): string[] {
  return dials.flatMap((list, from) => list.map(({ to }) => `${from}>${to}`));
}

function namesOf(edges: readonly Edge[]): Set<string> {
  return new Set(edges.map(([low, high]) => `${low}-${high}`));
}

function edgesDialled(dials: readonly (readonly Dial[])[]): Set<string> {
  const pairs = dials.flatMap((list, from) =>
    list.map(({ to }): Edge => from < to ? [from, to] : [to, from])
  );
  return namesOf(pairs);
}

Deno.test("fullMesh() has n(n-1)/2 edges, each once and with its lower end first", () => {
  fc.assert(fc.property(NODES, (nodes) => {
    const edges = fullMesh(nodes);
    assert.equal(edges.length, Math.max(0, nodes * (nodes - 1) / 2));
    assert.equal(namesOf(edges).size, edges.length);
    for (const [low, high] of edges) assert.ok(0 <= low && low < high && high < nodes);
  }));
});

Deno.test("dialsOf() dials every edge and nothing else", () => {
  fc.assert(fc.property(SPARSE, ({ nodes, edges }) => {
    const dials = dialsOf(nodes, edges);
    assert.equal(dials.length, nodes);
    assert.deepEqual(edgesDialled(dials), namesOf(edges));
  }));
});

Deno.test("dialsOf() has both ends dial in networks of up to 9 nodes, one end in larger ones", () => {
  fc.assert(fc.property(SPARSE, ({ nodes, edges }) => {
    const found = arrows(dialsOf(nodes, edges));
    assert.equal(new Set(found).size, found.length);
    assert.equal(found.length, nodes <= 9 ? 2 * edges.length : edges.length);
  }));
});

Deno.test("dialsOf() uses no more than a node's 8 slots for entries, and all 8 before it uses onetry", () => {
  fc.assert(fc.property(SPARSE, ({ nodes, edges }) => {
    for (const list of dialsOf(nodes, edges)) {
      const added = list.filter(({ by }) => by === "added").length;
      assert.equal(added, Math.min(ADDED_NODE_SLOTS, list.length));
    }
  }));
});

Deno.test("dialsOf() needs no onetry in a full mesh of up to 17 nodes", () => {
  for (let nodes = 0; nodes <= 18; nodes++) {
    const held = dialsOf(nodes, fullMesh(nodes)).flat().every(({ by }) => by === "added");
    assert.equal(held, nodes <= 17, `${nodes} nodes`);
  }
});

Deno.test("dialsOf() keeps the dialling side, and the way it dials, of every edge when a network grows", () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 100 }), fc.integer({ min: 10, max: 100 }), (a, b) => {
      const [small, large] = [Math.min(a, b), Math.max(a, b)];
      const before = dialsOf(small, fullMesh(small));
      const after = dialsOf(large, fullMesh(large));
      for (const [from, list] of before.entries()) {
        for (const dial of list) {
          const same = after[from]?.find(({ to }) => to === dial.to);
          assert.deepEqual(same, dial, `${from}>${dial.to} of ${small} in ${large}`);
        }
      }
    }),
  );
});

Deno.test("dialsOf() has a node dial no one new among the old ones when a network grows beyond 9", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 10, max: 100 }), (a, b) => {
      const before = new Set(arrows(dialsOf(a, fullMesh(a))));
      const among = arrows(dialsOf(b, fullMesh(b))).filter((arrow) =>
        arrow.split(">").every((end) => Number(end) < a)
      );
      for (const arrow of among) assert.ok(before.has(arrow), arrow);
    }),
  );
});
