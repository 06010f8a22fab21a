/** The planner at work on a model of nodes: it plans and acts until nothing is left to do. */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ConnectionPlan,
  type Member,
  planConnections,
} from "../../lib/network/connections.ts";
import { Parts } from "../../lib/network/cuts.ts";
import { ADDED_NODE_SLOTS, wiringOf } from "../../lib/network/dials.ts";
import { ordinals } from "../../lib/network/edge.ts";
import type { Topology } from "../../lib/network/topology.ts";
import { type NodeModel, STRANGERS } from "./_node_model.ts";
import { MARK } from "./_samples.ts";

const FULL: Topology = { type: "Full" };

/** What is to be done about the links of network `net`. */
export function planOf(
  nodes: number,
  members: readonly Member[],
  topology: Topology = FULL,
  misleading: readonly string[] = [],
): ConnectionPlan {
  const entries = {
    isOurs: (name: string): boolean => name.endsWith(".net-svc"),
    isMisleading: (name: string): boolean => misleading.includes(name),
  };
  const wiring = wiringOf(nodes, topology);
  return planConnections({ network: "net", mark: MARK, nodes, wiring, members, entries });
}

/**
 * Plans and acts once; returns the plan. Fails if any single action parts nodes that were together and that the topology
 * is to join. Only while a node is silent, a topology in several parts may do that.
 */
export function step(model: NodeModel, nodes: number, topology: Topology = FULL): ConnectionPlan {
  const plan = planOf(nodes, model.members(nodes), topology);
  const joined = new Parts(wiringOf(nodes, topology).edges);
  const isOne = ordinals(nodes).every((node) => joined.joins(0, node));
  const isStrict = isOne || model.silent.size === 0;
  /** For each node, how many parts those are in that it is to be joined with. */
  const spread = (): number[] => {
    const parts = model.parts(nodes);
    return ordinals(nodes).map((node) =>
      parts.filter((part) => part.some((other) => joined.joins(node, other))).length
    );
  };
  for (const [name, actions] of plan.actions) {
    for (const action of actions) {
      // Nothing else parts anything.
      const before = action.kind === "disconnect" && isStrict ? spread() : [];
      model.perform(Number(name.slice("net-sts-".length)), action);
      if (before.length === 0) continue;
      for (const [node, parts] of spread().entries()) {
        assert.ok(parts <= (before[node] ?? 0), `${name} parts them: ${JSON.stringify(action)}`);
      }
    }
  }
  return plan;
}

/** Steps until two plans in a row have nothing to do; fails if that takes too long, or if the links are not exact. */
export function converge(
  model: NodeModel,
  nodes: number,
  { topology = FULL, dialsByItself = true }: { topology?: Topology; dialsByItself?: boolean } = {},
): void {
  const { edges, dials } = wiringOf(nodes, topology);
  let quiet = 0;
  for (let round = 0; quiet < 2; round++) {
    assert.ok(round < 12, "converges soon");
    const plan = step(model, nodes, topology);
    if (dialsByItself || plan.actions.size > 0) model.tick();
    quiet = plan.actions.size === 0 && plan.actual === edges.length ? quiet + 1 : 0;
  }
  const wanted = dials.flatMap((list, from) => list.map(({ to }) => `${from}>${to}`));
  assert.deepEqual(model.links(nodes), wanted.sort());
  for (const { ordinal, added } of model.nodes.values()) {
    if (ordinal >= nodes) continue;
    const targets = dials[ordinal]?.map(({ to }) => model.nameOf(to)) ?? [];
    assert.equal(added.length, Math.min(ADDED_NODE_SLOTS, targets.length), "all slots, no more");
    for (const name of added) assert.ok(targets.includes(name), name);
  }
}

/** Starts the pods that are missing. */
export function start(model: NodeModel, nodes: number): void {
  for (let ordinal = 0; ordinal < nodes; ordinal++) {
    if (!model.nodes.has(ordinal)) model.start(ordinal);
  }
}

/** Something that nobody asked for, and to whom it happens. */
export type Mischief = readonly [what: number, one: number, other: number];

/** A list of such things. */
export const MISCHIEF: fc.Arbitrary<Mischief[]> = fc.array(
  fc.tuple(fc.nat(10), fc.nat(99), fc.nat(99)),
  { maxLength: 40 },
);

/** Does something that nobody asked for. */
export function disturb(model: NodeModel, nodes: number, [what, one, other]: Mischief): void {
  const from = one % nodes;
  const to = other % (nodes + 3);
  const direct = `${model.nodes.get(to)?.ip ?? "10.99.0.1"}:18444`;
  const stranger = STRANGERS[other % STRANGERS.length] ?? "";
  switch (what) {
    case 0:
      return model.dial(from, direct);
    case 1:
      return model.dial(from, model.nameOf(to));
    case 2:
      return model.dial(from, stranger);
    case 3:
      return model.perform(from, { kind: "add", node: stranger });
    case 4:
      return model.perform(from, { kind: "add", node: direct });
    case 5:
      return model.perform(from, { kind: "add", node: model.nameOf(to) });
    case 6:
      return model.perform(from, { kind: "remove", node: model.nameOf(to), isForeign: false });
    case 7:
      return model.start(from);
    case 8:
      return model.dialTwice(from, to);
    case 9:
      model.stop(from);
      return model.start(from);
    default:
      return model.tick();
  }
}
