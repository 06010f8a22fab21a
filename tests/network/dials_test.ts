/** Who dials, for every number of nodes that a network may have. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { ADDED_NODE_SLOTS, type Dial, keepSlots, wiringOf } from "../../lib/network/dials.ts";
import { edgeKey, ordinals } from "../../lib/network/edge.ts";
import { topologies } from "./_topologies.ts";

const NODES = fc.integer({ min: 0, max: 100 });
const ANY = NODES.chain((nodes) => fc.tuple(fc.constant(nodes), topologies(nodes)));

/** Each dial as `from>to`. */
function arrows(dials: readonly (readonly Dial[])[]): string[] {
  return dials.flatMap((list, from) => list.map(({ to }) => `${from}>${to}`));
}

Deno.test("wiringOf() dials every edge and nothing else", () => {
  fc.assert(fc.property(ANY, ([nodes, topology]) => {
    const { edges, dials } = wiringOf(nodes, topology);
    assert.equal(dials.length, nodes);
    assert.deepEqual(
      new Set(dials.flatMap((list, from) => list.map(({ to }) => edgeKey(from, to)))),
      new Set(edges.map(([low, high]) => edgeKey(low, high))),
    );
  }));
});

Deno.test("wiringOf() has one end of each edge dial, but for both in a full mesh of up to 9 nodes", () => {
  fc.assert(fc.property(ANY, ([nodes, topology]) => {
    const { edges, dials } = wiringOf(nodes, topology);
    const found = arrows(dials);
    assert.equal(new Set(found).size, found.length);
    const isMutual = topology.type === "Full" && nodes <= 9;
    assert.equal(found.length, isMutual ? 2 * edges.length : edges.length);
  }));
});

Deno.test("wiringOf() uses no more than a node's 8 slots for entries, and all 8 before it uses onetry", () => {
  fc.assert(fc.property(ANY, ([nodes, topology]) => {
    for (const list of wiringOf(nodes, topology).dials) {
      const added = list.filter(({ by }) => by === "added").length;
      assert.equal(added, Math.min(ADDED_NODE_SLOTS, list.length));
    }
  }));
});

Deno.test("wiringOf() needs no onetry in a full mesh of up to 17 nodes, and in a star of up to 17", () => {
  for (const nodes of ordinals(19)) {
    for (const topology of [{ type: "Full" } as const, { type: "Star", hub: 0 } as const]) {
      const isHeld = wiringOf(nodes, topology).dials.flat().every(({ by }) => by === "added");
      assert.equal(isHeld, nodes <= 17, `${topology.type} of ${nodes}`);
    }
  }
});

Deno.test("wiringOf() lets one end dial an edge in all networks and topologies that have it", () => {
  const two = fc.tuple(fc.integer({ min: 10, max: 100 }), fc.integer({ min: 10, max: 100 }));
  const networks = two.chain(([one, other]) =>
    fc.tuple(fc.constant([one, other]), topologies(one), topologies(other))
  );
  fc.assert(fc.property(networks, ([[one = 0, other = 0], before, after]) => {
    const found = new Set(arrows(wiringOf(one, before).dials));
    for (const arrow of arrows(wiringOf(other, after).dials)) {
      const [from, to] = arrow.split(">");
      assert.ok(!found.has(`${to}>${from}`), arrow);
    }
  }));
});

Deno.test("wiringOf() keeps a full mesh's entries and dials as they are when it grows beyond 9", () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 100 }), fc.integer({ min: 10, max: 100 }), (a, b) => {
      const [small, large] = [Math.min(a, b), Math.max(a, b)];
      const { dials: before } = wiringOf(small, { type: "Full" });
      const { dials: after } = wiringOf(large, { type: "Full" });
      for (const [from, list] of before.entries()) {
        for (const dial of list) {
          const same = after[from]?.find(({ to }) => to === dial.to);
          assert.deepEqual(same, dial, `${from}>${dial.to} of ${small} in ${large}`);
        }
      }
    }),
  );
});

Deno.test("wiringOf() has a node dial no one new among the old ones when a full mesh grows beyond 9", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 10, max: 100 }), (a, b) => {
      const before = new Set(arrows(wiringOf(a, { type: "Full" }).dials));
      const among = arrows(wiringOf(b, { type: "Full" }).dials).filter((arrow) =>
        arrow.split(">").every((end) => Number(end) < a)
      );
      for (const arrow of among) assert.ok(before.has(arrow), arrow);
    }),
  );
});

Deno.test("keepSlots() takes a slot from nobody who has one, and gives away those that are free", () => {
  const dials = wiringOf(40, { type: "Star", hub: 0 }).dials[0] ?? [];
  assert.equal(dials.length, 20);
  assert.deepEqual(keepSlots(dials, () => false), dials);
  const held = new Set([21, 37, 39]);
  const kept = keepSlots(dials, (to) => held.has(to)).filter(({ by }) => by === "added");
  assert.deepEqual(kept.map(({ to }) => to), [1, 3, 5, 7, 9, 21, 37, 39]);
});

Deno.test("keepSlots() gives away 8 slots at most, whatever has an entry", () => {
  fc.assert(fc.property(ANY, fc.func(fc.boolean()), ([nodes, topology], holds) => {
    for (const list of wiringOf(nodes, topology).dials) {
      const kept = keepSlots(list, holds);
      assert.deepEqual(kept.map(({ to }) => to), list.map(({ to }) => to));
      const added = kept.filter(({ by }) => by === "added");
      assert.equal(added.length, Math.min(ADDED_NODE_SLOTS, list.length));
      if (list.filter(({ to }) => holds(to)).length <= ADDED_NODE_SLOTS) {
        for (const { to } of list) {
          assert.ok(!holds(to) || added.some((dial) => dial.to === to), `${to}`);
        }
      }
    }
  }));
});
