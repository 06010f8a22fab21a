/** What to do about links: by hand for single cases, by a model of nodes for all the others. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Action, ConnectionPlan } from "../../lib/network/connections.ts";
import type { Topology } from "../../lib/network/topology.ts";
import { NodeModel } from "./_node_model.ts";
import { converge, disturb, MISCHIEF, planOf, start, step } from "./_planner.ts";
import { dialled, entry, member, SILENT_NODE, up, userAgent } from "./_samples.ts";

/** What is to be done at a node, in short. */
function todo(plan: ConnectionPlan, node: string): string[] {
  return (plan.actions.get(node) ?? []).map((action: Action) =>
    action.kind === "disconnect" ? `disconnect ${action.id}` : `${action.kind} ${action.node}`
  );
}

Deno.test("planConnections() adds and dials at once where nothing is there yet", () => {
  const plan = planOf(2, [member(0), member(1)]);
  assert.deepEqual(todo(plan, "net-sts-0"), ["add net-sts-1.net-svc", "onetry 10.0.0.2:18444"]);
  assert.deepEqual(todo(plan, "net-sts-1"), ["add net-sts-0.net-svc", "onetry 10.0.0.1:18444"]);
  assert.equal(plan.actual, 0);
  assert.deepEqual([...plan.missing], [[0, ["net-sts-1"]], [1, ["net-sts-0"]]]);
});

Deno.test("planConnections() counts an edge that one side holds up, and still wants the other side's", () => {
  const name = "net-sts-1.net-svc";
  const report = up({ peers: [dialled(1, name)], added: [entry(name, "10.0.0.2:18444")] });
  const plan = planOf(2, [member(0, report), member(1)]);
  assert.equal(plan.actual, 1);
  assert.deepEqual(todo(plan, "net-sts-0"), []);
  assert.equal(todo(plan, "net-sts-1").length, 2);
});

Deno.test("planConnections() neither dials nor cuts off a node that does not answer", () => {
  const name = "net-sts-1.net-svc";
  const silent = member(1, SILENT_NODE);
  assert.equal(planOf(2, [member(0), silent]).actions.size, 0);
  const linked = up({ peers: [dialled(1, name)], added: [entry(name, "10.0.0.2:18444")] });
  assert.equal(planOf(2, [member(0, linked), silent]).actions.size, 0);
  const twice = up({
    peers: [dialled(1, name), dialled(2, "10.0.0.2:18444")],
    added: [entry(name)],
  });
  assert.equal(planOf(2, [member(0, twice), silent]).actions.size, 0);
});

Deno.test("planConnections() cuts a connection that hangs on the pod before, and dials the new one", () => {
  const name = "net-sts-1.net-svc";
  const report = up({ peers: [dialled(5, name)], added: [entry(name, "10.9.9.9:18444")] });
  const plan = planOf(2, [member(0, report), member(1)]);
  assert.deepEqual(todo(plan, "net-sts-0"), ["disconnect 5", "onetry 10.0.0.2:18444"]);
});

Deno.test("planConnections() waits for a handshake", () => {
  const name = "net-sts-1.net-svc";
  const report = up({ peers: [dialled(5, name, { version: 0 })], added: [entry(name)] });
  const plan = planOf(2, [member(0, report), member(1)]);
  assert.deepEqual(todo(plan, "net-sts-0"), []);
  assert.equal(plan.actual, 0);
  assert.equal(plan.isPending, true);
  const done = up({ peers: [dialled(5, name)], added: [entry(name)] });
  assert.equal(planOf(2, [member(0, done), member(1)]).isPending, false);
});

Deno.test("planConnections() takes out entries of others, and says which were never of the network", () => {
  const report = up({ added: [entry("net-sts-7.net-svc"), entry("1.2.3.4")] });
  const plan = planOf(1, [member(0, report)]);
  assert.deepEqual(plan.actions.get("net-sts-0"), [
    { kind: "remove", node: "net-sts-7.net-svc", isForeign: false },
    { kind: "remove", node: "1.2.3.4", isForeign: true },
  ]);
});

Deno.test("planConnections() cuts off who leaves, whoever dialled, and no stranger that dialled in", () => {
  const inbound = { inbound: true, "connection_type": "inbound" };
  const report = up({
    peers: [
      dialled(1, "net-sts-3.net-svc"),
      dialled(2, "10.0.0.4:50000", { ...inbound, subver: userAgent("net-sts-3") }),
      dialled(3, "10.0.0.5:50000", { ...inbound, subver: userAgent("net-sts-1") }),
      dialled(4, "10.0.0.6:50000", { ...inbound, subver: "/Satoshi:30.0.0(other-sts-9)/" }),
      dialled(5, "10.0.0.7:50000", { ...inbound, subver: "/btcwire:0.5.0/wallet:1/" }),
      dialled(6, "10.0.0.8:18444", { connection_type: "outbound-full-relay" }),
      dialled(7, "10.0.0.9:1", { ...inbound, subver: userAgent("mine; net-sts-2") }),
    ],
  });
  const plan = planOf(2, [member(0, report)]);
  assert.deepEqual(todo(plan, "net-sts-0"), ["disconnect 1", "disconnect 2", "disconnect 7"]);
});

Deno.test("planConnections() cuts off the pod before, whose connection hangs though its node dials others", () => {
  const inbound = {
    "inbound": true,
    "connection_type": "inbound",
    "subver": userAgent("net-sts-0"),
  };
  const [old, now] = ["10.9.9.9:50000", "10.0.0.1:50000"];
  const report = up({ peers: [dialled(1, old, inbound), dialled(2, now, inbound)] });
  const apart: Topology = { type: "Edges", edges: [] };
  const plan = planOf(2, [member(0), member(1, report)], apart);
  assert.deepEqual(todo(plan, "net-sts-1"), ["disconnect 1"]);
  // It dials too: that is one of the two, and not the one from elsewhere.
  const dials = up({ peers: [dialled(7, "net-sts-1.net-svc")] });
  const both = planOf(2, [member(0, dials), member(1, report)], apart);
  assert.deepEqual(todo(both, "net-sts-1"), ["disconnect 1"]);
  // A node that says that it dialled is believed, wherever it seems to come from, and a silent one may have.
  const translated = up({ peers: [dialled(1, old, inbound)] });
  const claimed = planOf(2, [member(0, dials), member(1, translated)], apart);
  assert.deepEqual(todo(claimed, "net-sts-1"), []);
  // Of two from elsewhere the older one is that of the pod before.
  const again = up({ peers: [dialled(1, old, inbound), dialled(2, "10.9.9.8:50001", inbound)] });
  const older = planOf(2, [member(0, dials), member(1, again)], apart);
  assert.deepEqual(todo(older, "net-sts-1"), ["disconnect 1"]);
  const silent = planOf(2, [member(0, SILENT_NODE), member(1, report)], apart);
  assert.deepEqual(todo(silent, "net-sts-1"), []);
});

Deno.test("planConnections() keeps a link that the wrong side dialled until the right side's is up", () => {
  // Beyond 9 nodes, 0 dials 1.
  const wrong = up({ peers: [dialled(1, "net-sts-0.net-svc")] });
  const before = planOf(10, [member(0), member(1, wrong)]);
  assert.ok(!todo(before, "net-sts-1").includes("disconnect 1"));
  const name = "net-sts-1.net-svc";
  const right = up({ peers: [dialled(1, name)], added: [entry(name, "10.0.0.2:18444")] });
  const after = planOf(10, [member(0, right), member(1, wrong)]);
  assert.ok(todo(after, "net-sts-1").includes("disconnect 1"));
});

Deno.test("planConnections() brings up all edges of 0 to 40 nodes and then has nothing to do", () => {
  for (const nodes of [0, 1, 2, 3, 8, 9, 10, 11, 17, 18, 25, 40]) {
    const model = new NodeModel();
    start(model, nodes);
    converge(model, nodes);
    assert.equal(model.parts(nodes).length, Math.min(1, nodes));
  }
});

Deno.test("planConnections() comes to rest from any state, and never parts what was together", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 14 }),
      MISCHIEF,
      fc.boolean(),
      (nodes, mischief, alone) => {
        const model = new NodeModel();
        start(model, nodes + 3);
        for (const one of mischief) disturb(model, nodes, one);
        converge(model, nodes, { dialsByItself: alone });
        for (let ordinal = nodes; ordinal < nodes + 3; ordinal++) model.stop(ordinal);
        converge(model, nodes, { dialsByItself: alone });
        assert.equal(model.strangers, 0, "nothing but the network is connected");
      },
    ),
    {
      numRuns: 150,
      // A node is replaced and dials the same one as the pod before, whose connection hangs.
      examples: [[9, [[0, 60, 0], [7, 6, 0], [0, 51, 0]], false]],
    },
  );
});

Deno.test("planConnections() comes to rest while a network grows and shrinks, with pods being replaced", () => {
  const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), MISCHIEF), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(sizes, (steps) => {
      const model = new NodeModel();
      for (const [nodes, mischief] of steps) {
        start(model, nodes);
        // Those that leave dial the others again for as long as they live.
        for (const one of mischief.slice(0, 10)) {
          step(model, nodes);
          disturb(model, nodes, one);
        }
        for (const ordinal of [...model.nodes.keys()]) if (ordinal >= nodes) model.stop(ordinal);
        converge(model, nodes);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("planConnections() parts nothing while nodes are silent, and comes to rest when they speak", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 14 }),
      MISCHIEF,
      fc.array(fc.nat(13), { maxLength: 4 }),
      (nodes, mischief, silent) => {
        const model = new NodeModel();
        start(model, nodes);
        for (const one of mischief) disturb(model, nodes, one);
        for (const ordinal of silent) model.silent.add(ordinal);
        for (let round = 0; round < 5; round++) {
          step(model, nodes);
          model.tick();
        }
        model.silent.clear();
        converge(model, nodes);
      },
    ),
    { numRuns: 100 },
  );
});
