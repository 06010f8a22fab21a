/** Networks of any topology, and what happens when it changes. */

import assert from "node:assert/strict";
import { wiringOf } from "../../lib/network/dials.ts";
import type { BitcoinNetworkSpec } from "../../lib/network/mod.ts";
import { topologyOf } from "../../lib/network/topology.ts";
import { Rig } from "./_rig.ts";

/** The links of a spec, as the model names them. */
function linksOf({ nodes, topology }: BitcoinNetworkSpec): string[] {
  const { dials } = wiringOf(nodes, topologyOf(topology));
  return dials.flatMap((list, from) => list.map(({ to }) => `${from}>${to}`)).sort();
}

Deno.test("reconcile() links a network as its topology says, beyond bitcoind's 8 slots too", async () => {
  const specs: BitcoinNetworkSpec[] = [
    { nodes: 20 },
    { nodes: 6, topology: { type: "Ring" } },
    { nodes: 30, topology: { type: "Star", hub: 3 } },
    { nodes: 5, topology: { type: "Line" } },
    { nodes: 24, topology: { type: "Random", degree: 5, seed: 3 } },
    { nodes: 4, topology: { type: "Edges", edges: [[3, 0], [1, 2]] } },
  ];
  for (const spec of specs) {
    await using rig = new Rig();
    rig.wish(spec);
    await rig.live(30_000);
    assert.deepEqual(rig.of().model.links(spec.nodes), linksOf(spec), JSON.stringify(spec));
    const edges = new Set(linksOf(spec)).size;
    assert.deepEqual(rig.network().status?.connections, {
      desired: edges,
      actual: edges,
      summary: `${edges}/${edges}`,
    });
    assert.equal(rig.condition("Ready"), "True/Ready");
  }
});

Deno.test("reconcile() moves only the links that differ when the topology changes, and calls none lost", async () => {
  await using rig = new Rig();
  await rig.settled({ nodes: 4, topology: { type: "Line" } });
  rig.wish({ topology: { type: "Ring" } });
  await rig.live(5_000);
  // 0-1, 1-2 and 2-3 are there.
  assert.deepEqual(rig.of().nodes.actions, [
    "0 addnode net-sts-3.net-svc add",
    "0 addnode 10.0.0.5:18444 onetry",
  ]);
  rig.forget();
  rig.wish({ topology: { type: "Star", hub: 1 } });
  await rig.live(5_000);
  const spec: BitcoinNetworkSpec = { nodes: 4, topology: { type: "Star", hub: 1 } };
  assert.deepEqual(rig.of().model.links(4), linksOf(spec));
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.ok(!rig.events.includes("Warning ConnectionsLost"), rig.events.join());
});

Deno.test("reconcile() says Connecting, not ConnectionsLost, of another topology with as many links", async () => {
  await using rig = new Rig();
  await rig.settled({ nodes: 4, topology: { type: "Line" } });
  rig.wish({ topology: { type: "Star" } });
  await rig.run();
  assert.equal(rig.condition("Connected"), "False/Connecting");
});

Deno.test("reconcile() grows a random graph by a few links, and shrinks it again", async () => {
  await using rig = new Rig();
  const topology = { type: "Random", degree: 4, seed: 1 } as const;
  await rig.settled({ nodes: 12, topology });
  const before = new Set(rig.of().model.links(12));
  rig.wish({ nodes: 13 });
  await rig.live(20_000);
  assert.deepEqual(rig.of().model.links(13), linksOf({ nodes: 13, topology }));
  assert.equal(before.difference(new Set(rig.of().model.links(13))).size, 2);
  rig.wish({ nodes: 12 });
  await rig.live(20_000);
  assert.deepEqual(new Set(rig.of().model.links(12)), before);
});

Deno.test("reconcile() stalls with the API server's words when an older CRD let a bad topology through", async () => {
  await using rig = new Rig();
  rig.wish({ nodes: 3, topology: { type: "Star", hub: 3 } });
  await rig.run();
  assert.equal(rig.condition("Stalled"), "True/InvalidConfig");
  const stalled = rig.network().status?.conditions?.find(({ type }) => type === "Stalled");
  assert.equal(
    stalled?.message,
    "spec.topology.hub: there is no node of that ordinal: hub must be less than nodes",
  );
});

Deno.test("reconcile() carries no block between parts of a network that its topology keeps apart", async () => {
  await using rig = new Rig();
  await rig.settled({ nodes: 4, topology: { type: "Edges", edges: [[0, 1], [2, 3]] } });
  for (const ordinal of [0, 1]) rig.of().model.heights.set(ordinal, 2);
  await rig.live(20_000);
  assert.deepEqual(rig.of().nodes.actions, []);
  assert.equal(rig.condition("Synced"), "False/Syncing");
});
