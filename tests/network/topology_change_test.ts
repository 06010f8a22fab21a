/** Networks whose topology changes while they are up: on a model of nodes, action by action. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { wiringOf } from "../../lib/network/dials.ts";
import { edgeKey } from "../../lib/network/edge.ts";
import type { Topology } from "../../lib/network/topology.ts";
import { NodeModel } from "./_node_model.ts";
import { converge, disturb, MISCHIEF, planOf, start, step } from "./_planner.ts";
import { connectedTopologies, topologies } from "./_topologies.ts";

/** A network that is up with a topology. */
function networkOf(nodes: number, topology: Topology): NodeModel {
  const model = new NodeModel();
  start(model, nodes);
  converge(model, nodes, { topology });
  return model;
}

/** The edges that are up, whoever dialled them. */
function edgesOf(model: NodeModel, nodes: number): Set<string> {
  return new Set(
    model.links(nodes).map((link) => {
      const [from, to] = link.split(">").map(Number);
      return edgeKey(from ?? 0, to ?? 0);
    }),
  );
}

/** Sizes, and topologies of networks of that size. */
function changes(
  of: (nodes: number) => fc.Arbitrary<Topology>,
): fc.Arbitrary<{ nodes: number; before: Topology; after: Topology }> {
  return fc.integer({ min: 1, max: 16 }).chain((nodes) =>
    fc.record({ nodes: fc.constant(nodes), before: of(nodes), after: of(nodes) })
  );
}

Deno.test("planConnections() goes from any topology to any other, exactly, and leaves alone what both have", () => {
  fc.assert(
    fc.property(changes(topologies), ({ nodes, before, after }) => {
      const model = networkOf(nodes, before);
      const wanted = new Set(wiringOf(nodes, after).edges.map(([low, high]) => edgeKey(low, high)));
      const both = [...edgesOf(model, nodes)].filter((edge) => wanted.has(edge));
      for (let round = 0; round < 6; round++) {
        const now = edgesOf(model, nodes);
        for (const edge of both) assert.ok(now.has(edge), edge);
        step(model, nodes, after);
        model.tick();
      }
      converge(model, nodes, { topology: after });
    }),
    { numRuns: 200 },
  );
});

Deno.test("planConnections() keeps a network connected on the way between topologies that link all nodes", () => {
  fc.assert(
    fc.property(changes(connectedTopologies), ({ nodes, before, after }) => {
      const model = networkOf(nodes, before);
      for (let round = 0; round < 6; round++) {
        // It fails if a single action parts anything.
        step(model, nodes, after);
        assert.equal(model.parts(nodes).length, 1);
        model.tick();
      }
      converge(model, nodes, { topology: after });
    }),
    { numRuns: 200 },
  );
});

Deno.test("planConnections() changes its mind half way, with silent nodes and mischief, and comes to rest", () => {
  const wishes = (nodes: number) =>
    fc.array(fc.tuple(topologies(nodes), MISCHIEF, fc.array(fc.nat(nodes - 1), { maxLength: 3 })), {
      minLength: 1,
      maxLength: 4,
    });
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 14 }).chain((nodes) => fc.tuple(fc.constant(nodes), wishes(nodes))),
      ([nodes, list]) => {
        const model = new NodeModel();
        start(model, nodes);
        let last: Topology = { type: "Full" };
        for (const [topology, mischief, silent] of list) {
          for (const ordinal of silent) model.silent.add(ordinal);
          for (const one of mischief.slice(0, 10)) {
            step(model, nodes, topology);
            disturb(model, nodes, one);
          }
          model.silent.clear();
          last = topology;
        }
        for (let ordinal = nodes; ordinal < nodes + 3; ordinal++) model.stop(ordinal);
        converge(model, nodes, { topology: last });
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("planConnections() is not held up by a node that never answers, and keeps what it is needed for", () => {
  const nodes = 6;
  const model = networkOf(nodes, { type: "Ring" });
  model.silent.add(5);
  // 5 is no hub: all others move, and 5 keeps its links until it can have its new one.
  for (let round = 0; round < 4; round++) {
    step(model, nodes, { type: "Star", hub: 0 });
    model.tick();
  }
  assert.deepEqual([...edgesOf(model, nodes)].sort(), ["0-1", "0-2", "0-3", "0-4", "0-5"]);
  // The hub is silent: what links the others is kept, and one that is not needed for that goes.
  const other = networkOf(nodes, { type: "Ring" });
  other.silent.add(0);
  for (let round = 0; round < 4; round++) {
    step(other, nodes, { type: "Star", hub: 0 });
    other.tick();
  }
  assert.equal(other.parts(nodes).length, 1);
  other.silent.clear();
  converge(other, nodes, { topology: { type: "Star", hub: 0 } });
});

Deno.test("planConnections() cuts a network in two when that is wanted, after the rest has come up", () => {
  const nodes = 4;
  const model = networkOf(nodes, { type: "Line" });
  const apart: Topology = { type: "Edges", edges: [[0, 2], [1, 3]] };
  const first = planOf(nodes, model.members(nodes), apart);
  const isCut = (plan: typeof first): boolean =>
    [...plan.actions.values()].flat().some(({ kind }) => kind === "disconnect");
  assert.ok(!isCut(first), "nothing is cut before the new links are up");
  converge(model, nodes, { topology: apart });
  assert.equal(model.parts(nodes).length, 2);
});
