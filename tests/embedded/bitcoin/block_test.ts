import assert from "node:assert/strict";
import {
  type Block,
  blockOf,
  chainWork,
  GENESIS,
  mineBlock,
} from "../../../lib/embedded/bitcoin/block.ts";

Deno.test("blockOf() makes a hash of the parent, the time and the nonce", () => {
  const block = blockOf(GENESIS, 1_700_000_000, 7);
  assert.match(block.hash, /^[0-9a-f]{64}$/);
  assert.equal(block.height, 1);
  assert.equal(blockOf(GENESIS, 1_700_000_000, 7).hash, block.hash);
  const others = [
    blockOf(GENESIS, 1_700_000_000, 8),
    blockOf(GENESIS, 1_700_000_001, 7),
    blockOf(block, 1_700_000_000, 7),
  ];
  assert.equal(new Set([block, ...others].map(({ hash }) => hash)).size, 4);
});

Deno.test("mineBlock() never goes back behind the median time, however fast it mines", () => {
  let tip: Block = GENESIS;
  for (let nonce = 0; nonce < 30; nonce++) {
    const block = mineBlock(tip, 1_700_000_000, nonce);
    assert.ok(block.time > tip.medianTime && block.medianTime >= tip.medianTime);
    tip = block;
  }
  // As a real one does: the time moves on by a second about every six blocks.
  assert.ok(tip.time >= 1_700_000_003 && tip.time <= 1_700_000_006, `${tip.time}`);
});

Deno.test("mineBlock() works with a clock that is far behind", () => {
  assert.equal(mineBlock(GENESIS, 0, 1).time, GENESIS.time + 1);
});

Deno.test("chainWork() is that of a real regtest chain", () => {
  assert.equal(chainWork(GENESIS), "2".padStart(64, "0"));
  // tests/fixtures/bitcoind-rpc.json
  assert.equal(chainWork({ ...GENESIS, height: 101 }), "cc".padStart(64, "0"));
});
