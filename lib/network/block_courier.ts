/** Carries blocks from one bitcoind to another that does not get them by itself. */

import type { RpcCallOptions, RpcClient } from "../rpc/mod.ts";

/**
 * Blocks in one go beyond the height of the node that gets them; the rest come with the next. Those up to its height
 * count for nothing: a chain of its own is given up only for one with more work, and then all of that must be there.
 */
const MAX_BLOCKS = 100;

/** Answers to a block that is no news, or that belongs to a chain which is not the best one yet (BIP 22). */
const FINE: readonly (string | null)[] = [null, "duplicate", "inconclusive"];

/**
 * Gives `to` the blocks of the chain of `from` that follow the last one that both have, the oldest first.
 *
 * @returns how many those were
 * @throws {Error} if a block is not taken, and what the calls of an `RpcClient` throw
 */
export async function carryBlocks(
  from: RpcClient,
  to: RpcClient,
  options: RpcCallOptions,
): Promise<number> {
  const { blocks: height } = await to.getBlockchainInfo(options);
  const { blocks: best } = await from.getBlockchainInfo(options);
  const common = await lastCommonHeight(from, to, Math.min(height, best), options);
  const last = Math.min(best, height + MAX_BLOCKS);
  for (let next = common + 1; next <= last; next++) {
    const block = await from.getBlock(await from.getBlockHash(next, options), options);
    const refusal = await to.submitBlock(block, options);
    if (!FINE.includes(refusal)) throw new Error(`Cannot submit block ${next}: ${refusal}`);
  }
  return last - common;
}

/**
 * The height of the last block that both have, which is `height` at most: two networks of one chain have at least the
 * first, and blocks that have one in common have all before it.
 */
async function lastCommonHeight(
  from: RpcClient,
  to: RpcClient,
  height: number,
  options: RpcCallOptions,
): Promise<number> {
  const isCommon = async (at: number): Promise<boolean> =>
    await from.getBlockHash(at, options) === await to.getBlockHash(at, options);
  // Mostly they have not parted.
  if (await isCommon(height)) return height;
  let common = 0;
  let parted = height;
  while (parted - common > 1) {
    const middle = Math.floor((common + parted) / 2);
    if (await isCommon(middle)) common = middle;
    else parted = middle;
  }
  return common;
}
