/** How blocks are mined and spread. */

import assert from "node:assert/strict";
import { type Case, link, mine, oneTip, pair, tipsAre, tipsOf, World } from "./_world.ts";

/** Cases about blocks. */
export const CHAIN_CASES: readonly Case[] = [
  {
    name: "mines blocks that follow each other",
    async run(subject) {
      await using node = await subject.start();
      const { rpc } = node;
      const hashes = [
        await rpc.call("getblockhash", [0]),
        ...await mine(node, 2),
        ...await rpc.generateToAddress(1, "bcrt1qs758ursh4q9z627kt3pp5yysm78ddny6txaqgw"),
      ];
      assert.equal(new Set(hashes).size, 4);
      const chain = await rpc.getBlockchainInfo();
      assert.deepEqual([chain.blocks, chain.bestblockhash], [3, hashes[3]]);
      assert.equal(chain.chainwork, "8".padStart(64, "0"));
      assert.equal(chain.initialblockdownload, false);
      assert.equal(await rpc.call("getblockcount"), 3);
      assert.equal(await rpc.call("getbestblockhash"), hashes[3]);
      for (const [height, hash] of hashes.entries()) {
        assert.equal(await rpc.call("getblockhash", [height]), hash);
        const header = await rpc.call("getblockheader", [hash]);
        assert.partialDeepStrictEqual(header, {
          hash,
          height,
          confirmations: 4 - height,
          nTx: 1,
          ...(height > 0 && { previousblockhash: hashes[height - 1] }),
          ...(height < 3 && { nextblockhash: hashes[height + 1] }),
        });
      }
      assert.deepEqual(await rpc.generateToDescriptor(0, "raw(51)"), []);
      assert.deepEqual(await tipsOf(node), ["3 0 active"]);
    },
  },
  {
    name: "passes new blocks on along a line, and old ones to who comes late",
    async run(subject) {
      const starting = [subject.start(), subject.start(), subject.start()];
      await using world = new World(await Promise.all(starting));
      const [a, b, c] = world.nodes;
      if (!a || !b || !c) throw new Error("A node is missing");
      await link(a, b);
      await mine(a, 2);
      await oneTip([a, b], 2);
      await link(c, b);
      await oneTip([a, b, c], 2);
      const [hash] = await mine(c, 1);
      assert.equal(await oneTip([a, b, c], 3), hash);
    },
  },
  {
    name: "takes the longer of two chains, and remembers the other",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      await mine(a, 2);
      const longer = await mine(b, 3);
      await link(a, b);
      assert.equal(await oneTip(world.nodes, 3), longer[2]);
      assert.deepEqual(await tipsOf(a), ["2 2 valid-fork", "3 0 active"]);
    },
  },
  {
    name: "keeps the chain that came first while two are as long, and leaves it for one more block",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      const own = await mine(a, 2);
      const foreign = await mine(b, 2);
      await link(a, b);
      const [decisive] = await mine(b, 1);
      assert.equal(await oneTip(world.nodes, 3), decisive);
      assert.equal(await a.rpc.call("getblockhash", [2]), foreign[1]);
      assert.deepEqual(await tipsOf(a), ["2 2 valid-fork", "3 0 active"]);
      assert.partialDeepStrictEqual(await a.rpc.call("getblockheader", [own[1]]), {
        confirmations: -1,
        height: 2,
      });
    },
  },
  {
    name: "knows of a chain as long as its own all but whether it is valid",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      const [own] = await mine(a, 1);
      await mine(b, 1);
      await link(a, b);
      await tipsAre(a, ["1 0 active", "1 1 valid-headers"]);
      await tipsAre(b, ["1 0 active", "1 1 valid-headers"]);
      assert.equal((await a.rpc.getBlockchainInfo()).bestblockhash, own);
    },
  },
  {
    name: "knows of a shorter chain only that it exists",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      await mine(a, 2);
      await mine(b, 1);
      await link(a, b);
      await tipsAre(a, ["1 1 headers-only", "2 0 active"]);
    },
  },
];
