/** Carries blocks from one bitcoind to another that does not get them by itself. */

import type { RpcCallOptions, RpcClient } from "../rpc/mod.ts";

/** Blocks in one go; those beyond them come with the next. */
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
  const last = Math.min(best, common + MAX_BLOCKS);
  for (let next = common + 1; next <= last; next++) {
    const block = await from.getBlock(await from.getBlockHash(next, options), options);
    const refusal = await to.submitBlock(block, options);
    if (!FINE.includes(refusal)) throw new Error(`Cannot submit block ${next}: ${refusal}`);
  }
  return last - common;
}

/** The height of the last block that both have; two networks of one chain have at least the first. */
async function lastCommonHeight(
  from: RpcClient,
  to: RpcClient,
  height: number,
  options: RpcCallOptions,
): Promise<number> {
  let common = height;
  while (
    common > 0 &&
    await from.getBlockHash(common, options) !== await to.getBlockHash(common, options)
  ) common--;
  return common;
}
