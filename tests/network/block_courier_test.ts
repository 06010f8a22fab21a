/** Blocks that real nodes do not hand on by themselves. */

import assert from "node:assert/strict";
import { carryBlocks } from "../../lib/network/block_courier.ts";
import type { RpcClient } from "../../lib/rpc/mod.ts";
import { startBitcoind } from "../support/bitcoind.ts";
import { eventually } from "../support/eventually.ts";
import { toolTest } from "../support/tools.ts";

const ANYONE = "raw(51)#8lvh9jxk";
const NOBODY = "raw(6a)#4mhr9ur5";
const TIMES = { timeoutMs: 15_000 };

async function heights(nodes: readonly RpcClient[]): Promise<string> {
  return (await Promise.all(nodes.map((rpc) => rpc.getBlockchainInfo()))).map(({ blocks }) =>
    blocks
  )
    .join();
}

toolTest(
  ["bitcoind"],
  "carryBlocks() gives a node what others have, and it hands that on",
  async (program) => {
    await using a = await startBitcoind({ program });
    await using b = await startBitcoind({ program });
    await using c = await startBitcoind({ program });
    const nodes = [a.rpc, b.rpc, c.rpc];
    await a.rpc.addNode(b.p2p, "onetry");
    // Whether bitcoind hands on an old block when links come back is a matter of luck; without links it never does.
    await c.rpc.generateToDescriptor(2, ANYONE);
    assert.equal(await heights(nodes), "0,0,2");
    assert.equal(await carryBlocks(c.rpc, a.rpc, TIMES), 2);
    // What it was given it hands on.
    await eventually(async () => await heights(nodes) === "2,2,2", {
      what: "all in sync",
      timeoutMs: 20_000,
    });
    assert.equal(await carryBlocks(c.rpc, a.rpc, TIMES), 0);
  },
);

toolTest(
  ["bitcoind"],
  "carryBlocks() starts where two chains part, and takes a hundred blocks beyond those at once",
  async (program) => {
    await using a = await startBitcoind({ program });
    await using b = await startBitcoind({ program });
    // Another output makes other blocks.
    await a.rpc.generateToDescriptor(3, NOBODY);
    await b.rpc.generateToDescriptor(108, ANYONE);
    assert.equal(await carryBlocks(b.rpc, a.rpc, TIMES), 103);
    assert.equal(await carryBlocks(b.rpc, a.rpc, TIMES), 5);
    assert.equal(await a.rpc.getBlockHash(108), await b.rpc.getBlockHash(108));
  },
);

toolTest(
  ["bitcoind"],
  "carryBlocks() brings a node off a chain of its own that is longer than what is carried at once",
  async (program) => {
    await using a = await startBitcoind({ program });
    await using b = await startBitcoind({ program });
    await a.rpc.generateToDescriptor(120, NOBODY);
    await b.rpc.generateToDescriptor(125, ANYONE);
    assert.equal(await carryBlocks(b.rpc, a.rpc, TIMES), 125);
    assert.equal(await a.rpc.getBlockHash(125), await b.rpc.getBlockHash(125));
  },
);
