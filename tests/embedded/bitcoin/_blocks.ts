/** Chains for tests. */

import { type Block, blockOf, GENESIS } from "../../../lib/embedded/bitcoin/block.ts";

/** A branch of `count` blocks on `parent`; another `nonce` makes another branch. */
export function branch(count: number, nonce: number, parent: Block = GENESIS): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < count; i++) {
    const last = blocks.at(-1) ?? parent;
    blocks.push(blockOf(last, last.time + 1, nonce));
  }
  return blocks;
}

/** The last block of such a branch. */
export function branchTip(count: number, nonce: number, parent: Block = GENESIS): Block {
  return branch(count, nonce, parent).at(-1) ?? parent;
}
