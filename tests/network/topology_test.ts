/** The edges of each topology, for every number of nodes that a network may have. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { Parts } from "../../lib/network/cuts.ts";
import { type Edge, fullMesh, ordinals } from "../../lib/network/edge.ts";
import { edgesOf, type Topology, topologyOf } from "../../lib/network/topology.ts";
import { connectedTopologies, topologies } from "./_topologies.ts";

const NODES = fc.integer({ min: 0, max: 100 });
const ANY = NODES.chain((nodes) => fc.tuple(fc.constant(nodes), topologies(nodes)));
const CONNECTED = NODES.chain((nodes) => fc.tuple(fc.constant(nodes), connectedTopologies(nodes)));

function namesOf(edges: readonly Edge[]): string[] {
  return edges.map(([low, high]) => `${low}-${high}`).sort();
}

Deno.test("edgesOf() has edges between nodes that exist, each once and with its lower end first", () => {
  fc.assert(fc.property(ANY, ([nodes, topology]) => {
    const edges = edgesOf(nodes, topology);
    assert.equal(new Set(namesOf(edges)).size, edges.length);
    for (const [low, high] of edges) assert.ok(0 <= low && low < high && high < nodes);
  }));
});

Deno.test("edgesOf() links all nodes in every topology but a list", () => {
  fc.assert(fc.property(CONNECTED, ([nodes, topology]) => {
    const parts = new Parts(edgesOf(nodes, topology));
    for (const node of ordinals(nodes)) assert.ok(parts.joins(0, node), `${node}`);
  }));
});

Deno.test("edgesOf() knows the shapes of small networks", () => {
  const cases: [nodes: number, topology: Topology, edges: string[]][] = [
    [3, { type: "Full" }, ["0-1", "0-2", "1-2"]],
    [0, { type: "Ring" }, []],
    [1, { type: "Ring" }, []],
    [2, { type: "Ring" }, ["0-1"]],
    [3, { type: "Ring" }, ["0-1", "0-2", "1-2"]],
    [4, { type: "Ring" }, ["0-1", "0-3", "1-2", "2-3"]],
    [0, { type: "Line" }, []],
    [1, { type: "Line" }, []],
    [4, { type: "Line" }, ["0-1", "1-2", "2-3"]],
    [1, { type: "Star", hub: 0 }, []],
    [4, { type: "Star", hub: 2 }, ["0-2", "1-2", "2-3"]],
    [0, { type: "Star", hub: 2 }, []],
    [2, { type: "Random", degree: 2, seed: 1 }, ["0-1"]],
    [4, { type: "Random", degree: 3, seed: 1 }, ["0-1", "0-2", "0-3", "1-2", "1-3", "2-3"]],
    [4, { type: "Edges", edges: [[0, 3], [1, 2]] }, ["0-3", "1-2"]],
    [4, { type: "Edges", edges: [] }, []],
    [0, { type: "Edges", edges: [[0, 3], [1, 2]] }, []],
  ];
  for (const [nodes, topology, edges] of cases) {
    assert.deepEqual(namesOf(edgesOf(nodes, topology)), edges, `${nodes} ${topology.type}`);
  }
});

Deno.test("edgesOf() has n(n-1)/2 edges in a full mesh, n in a ring, n-1 in a star and a line", () => {
  for (let nodes = 3; nodes <= 100; nodes++) {
    const counts = [
      { type: "Full" } as const,
      { type: "Ring" } as const,
      { type: "Star", hub: nodes - 1 } as const,
      { type: "Line" } as const,
    ].map((topology) => edgesOf(nodes, topology).length);
    assert.deepEqual(counts, [nodes * (nodes - 1) / 2, nodes, nodes - 1, nodes - 1]);
  }
  assert.deepEqual(edgesOf(7, { type: "Full" }), fullMesh(7));
});

Deno.test("topologyOf() fills in the defaults, and puts the lower end of an edge first", () => {
  assert.deepEqual(topologyOf(undefined), { type: "Full" });
  assert.deepEqual(topologyOf({}), { type: "Full" });
  assert.deepEqual(topologyOf({ type: "Star" }), { type: "Star", hub: 0 });
  assert.deepEqual(topologyOf({ type: "Random", degree: 4 }), {
    type: "Random",
    degree: 4,
    seed: 0,
  });
  assert.deepEqual(topologyOf({ type: "Edges", edges: [[3, 1], [0, 2]] }), {
    type: "Edges",
    edges: [[1, 3], [0, 2]],
  });
});
