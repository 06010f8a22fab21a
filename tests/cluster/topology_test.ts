/** Topologies on real bitcoinds: every link, no other one, and no moment in which a network falls apart. */

// deno-lint-ignore-file no-console -- figures are for the person who runs this

import assert from "node:assert/strict";
import { ordinals } from "../../lib/network/edge.ts";
import type { BitcoinNetworkSpec } from "../../lib/network/mod.ts";
import type { RpcClient } from "../../lib/rpc/mod.ts";
import { type RealBitcoind, startBitcoind } from "../support/bitcoind.ts";
import { eventually } from "../support/eventually.ts";
import { toolSuite } from "../support/tools.ts";
import { crossing, fundedWallet } from "../support/wallet.ts";
import { Lab, RunningController } from "./lab.ts";
import { isConnected, linksOf, nodesOf, peersOf, untilExact } from "./links.ts";
import { embedded } from "./target.ts";

type TopologySpec = NonNullable<BitcoinNetworkSpec["topology"]>;

const NODES = 7;
const TOPOLOGIES: readonly TopologySpec[] = [
  { type: "Ring" },
  { type: "Star", hub: 3 },
  { type: "Full" },
  { type: "Line" },
  { type: "Random", degree: 4, seed: 1 },
  { type: "Random", degree: 3, seed: 2 },
  { type: "Edges", edges: [[0, 1], [2, 1], [2, 3], [3, 0], [4, 0], [5, 4], [6, 5], [6, 2]] },
  { type: "Ring" },
];

/** Looks at the links again and again until told to stop, and counts the looks that saw the network in parts. */
class Watchman implements AsyncDisposable {
  looks = 0;
  /** What was seen when nodes could not reach each other. */
  readonly parted: string[] = [];
  readonly #nodes: readonly RpcClient[];
  readonly #watching: Promise<void>;
  #isOver = false;

  constructor(nodes: readonly RpcClient[]) {
    this.#nodes = nodes;
    this.#watching = this.#watch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    let before = "";
    while (!this.#isOver) {
      const peers = await peersOf("net", this.#nodes);
      this.looks++;
      const seen = isConnected(peers) ? "" : linksOf(peers);
      // The nodes are not asked at one moment: only what is seen twice is true.
      if (seen && before) this.parted.push(`${before} / ${seen}`);
      before = seen;
    }
  }
}

/** How long a transaction takes over as many hops of bitcoinds that have no configuration of ours. */
async function bareCrossing(bitcoind: string, nodes: number): Promise<string> {
  // deno-lint-ignore no-undef -- the linter does not know of this global yet
  await using stack = new AsyncDisposableStack();
  const line: RealBitcoind[] = [];
  for (const _ of ordinals(nodes)) {
    const config = ["fallbackfee=0.0002"];
    line.push(stack.use(await startBitcoind({ program: bitcoind, config })));
  }
  for (const [place, node] of line.entries()) {
    const next = line[place + 1];
    if (next) await node.rpc.addNode(next.p2p, "onetry");
  }
  const [first, last] = [line[0], line.at(-1)];
  assert.ok(first && last);
  const wallet = await fundedWallet(first.rpc);
  await eventually(async () => (await last.rpc.getBlockchainInfo()).blocks === 110, {
    what: "the blocks to arrive",
    timeoutMs: 30_000,
  });
  // It is for comparison only: that it may take longer is no fault of ours.
  const patienceMs = 45_000;
  return await crossing(wallet, last.rpc, patienceMs)
    .then((ms) => `${ms} ms`, () => `more than ${patienceMs} ms`);
}

toolSuite(
  ["bitcoind", "bitcoin-cli"],
  "topologies with real bitcoinds",
  async (t, [bitcoind = ""]) => {
    await using target = await embedded("real")();
    await using _controller = new RunningController(target);

    await t.step("each topology is exact, and a change never parts the network", async () => {
      const lab = new Lab(target, "topologies");
      await lab.setUp();
      await lab.create("net", { nodes: NODES });
      await lab.untilReady("net", NODES);
      const nodes = await nodesOf(lab, "net", NODES);
      for (const topology of TOPOLOGIES) {
        const watchman = new Watchman(nodes);
        const start = performance.now();
        {
          await using _watch = watchman;
          // The whole of it: fields of the topology before do not go with the new one.
          const change = { op: "replace", path: "/spec/topology", value: topology } as const;
          await lab.networks.jsonPatch("net", [change]);
          await untilExact(lab, { nodes: NODES, topology }, nodes);
        }
        const ms = Math.round(performance.now() - start);
        console.info(`${topology.type}: exact ${ms} ms after the change, ${watchman.looks} looks`);
        assert.deepEqual(watchman.parted, [], topology.type);
        assert.ok(watchman.looks > 2);
      }
    });

    for (const size of [18, 25]) {
      await t.step(
        `a full mesh of ${size} nodes has every link, beyond bitcoind's 8 slots`,
        async () => {
          const lab = new Lab(target, `mesh-${size}`);
          await lab.setUp();
          await lab.create("net", { nodes: size });
          let ready = 0;
          await lab.untilNetwork("net", "whose nodes all answer", ({ status }) => {
            const isReady = status?.nodes?.length === size &&
              status.nodes.every(({ version }) => version !== undefined);
            if (isReady) ready = performance.now();
            return isReady;
          });
          const { status } = await lab.untilReady("net", size);
          const ms = Math.round(performance.now() - ready);
          console.info(
            `Full ${size}: ${status?.connections?.summary} ${ms} ms after the last answer`,
          );
          await untilExact(lab, { nodes: size }, await nodesOf(lab, "net", size));
          await lab.networks.delete("net");
        },
      );
    }

    await t.step("a transaction crosses 4 hops in less than a second", async () => {
      const lab = new Lab(target, "hops");
      await lab.setUp();
      const spec: BitcoinNetworkSpec = { nodes: 5, topology: { type: "Line" } };
      await lab.create("net", spec);
      await lab.untilReady("net", 5);
      const nodes = await nodesOf(lab, "net", 5);
      await untilExact(lab, spec, nodes);
      const [sender, , , , receiver] = nodes;
      assert.ok(sender && receiver);
      const wallet = await fundedWallet(sender);
      await lab.untilCondition("net", "Synced", "True");
      const times: number[] = [];
      for (let round = 0; round < 7; round++) times.push(await crossing(wallet, receiver));
      const median = times.toSorted((a, b) => a - b)[3] ?? Infinity;
      const bare = await bareCrossing(bitcoind, 5);
      console.info(
        `4 hops: median ${median} ms of ${times.join(", ")}; without whitelist ${bare}`,
      );
      assert.ok(median < 1000, `${median} ms`);
    });
  },
);
