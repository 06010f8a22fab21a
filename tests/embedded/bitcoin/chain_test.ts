import assert from "node:assert/strict";
import { GENESIS } from "../../../lib/embedded/bitcoin/block.ts";
import { Chain } from "../../../lib/embedded/bitcoin/chain.ts";
import { branch, branchTip } from "./_blocks.ts";

function tipsOf(chain: Chain): string[] {
  return chain.tips().map((tip) => `${tip.block.height} ${tip.branchLength} ${tip.status}`);
}

Deno.test("Chain starts with the first block of regtest", () => {
  const chain = new Chain();
  assert.equal(chain.tip, GENESIS);
  assert.equal(chain.at(0), GENESIS);
  assert.equal(chain.find(GENESIS.hash), GENESIS);
  assert.deepEqual(tipsOf(chain), ["0 0 active"]);
});

Deno.test("Chain.add() takes in all blocks of a longer chain, in order", () => {
  const chain = new Chain();
  const blocks = branch(5, 1);
  const [, second, , , last = GENESIS] = blocks;
  assert.deepEqual(chain.add(last), blocks);
  assert.equal(chain.at(2), second);
  assert.equal(chain.at(6), undefined);
  assert.deepEqual(chain.add(last), [], "It is known");
});

Deno.test("Chain.add() switches to a longer branch and returns only its blocks", () => {
  const chain = new Chain();
  const trunk = branchTip(3, 1);
  chain.add(branchTip(2, 1, trunk));
  const longer = branch(3, 2, trunk);
  const last = longer.at(-1) ?? GENESIS;
  assert.deepEqual(chain.add(last), longer);
  assert.equal(chain.tip, last);
  assert.equal(chain.at(3), trunk);
  assert.equal(chain.isActive(trunk), true);
  assert.deepEqual(tipsOf(chain), ["6 0 active", "5 2 valid-fork"]);
});

Deno.test("Chain.add() keeps the branch that came first when another has the same work", () => {
  const chain = new Chain();
  const first = branchTip(2, 1);
  const second = branchTip(2, 2);
  chain.add(first);
  assert.deepEqual(chain.add(second), []);
  assert.equal(chain.tip, first);
  assert.deepEqual(tipsOf(chain), ["2 0 active", "2 2 valid-headers"]);
  assert.equal(chain.isActive(second), false);
  assert.equal(chain.add(branchTip(1, 2, second)).length, 3);
  assert.deepEqual(tipsOf(chain), ["3 0 active", "2 2 valid-fork"]);
});

Deno.test("Chain.add() knows of a shorter branch only that it exists, until it grows", () => {
  const chain = new Chain();
  chain.add(branchTip(4, 1));
  const short = branchTip(2, 2);
  chain.add(short);
  assert.deepEqual(tipsOf(chain), ["4 0 active", "2 2 headers-only"]);
  const equal = branchTip(2, 2, short);
  chain.add(equal);
  assert.deepEqual(tipsOf(chain), ["4 0 active", "4 4 valid-headers"]);
  chain.add(branchTip(1, 2, equal));
  assert.deepEqual(tipsOf(chain), ["5 0 active", "4 4 valid-fork"]);
});

Deno.test("Chain.add() returns to a branch that it has left", () => {
  const chain = new Chain();
  const first = branchTip(2, 1);
  const second = branchTip(3, 2);
  chain.add(first);
  chain.add(second);
  const back = branchTip(2, 1, first);
  assert.deepEqual(chain.add(back).map(({ height }) => height), [1, 2, 3, 4]);
  assert.equal(chain.tip, back);
});
