/** Mines blocks in the demo, so that there is a chain to watch. */

import { getLogger } from "@logtape/logtape";
import { isAbort, systemClock } from "../../time/mod.ts";
import type { DemoNetwork } from "./demo_network.ts";

const logger = getLogger(["bitcoin-controller", "cli"]);

/** How soon to look again while no node is Ready, in ms. */
const RETRY_MS = 500;

/** Mines a block on the first Ready node every `intervalMs` milliseconds (never, if zero) until the signal is aborted. */
export async function mineBlocks(
  network: DemoNetwork,
  intervalMs: number,
  signal: AbortSignal,
): Promise<void> {
  while (intervalMs > 0) {
    const mined = await mineOne(network, signal);
    await systemClock.sleep(mined ? intervalMs : RETRY_MS, signal);
  }
}

/** Whether a block was mined; a node that is just going away is no reason to stop. */
async function mineOne(network: DemoNetwork, signal: AbortSignal): Promise<boolean> {
  try {
    const miner = (await network.nodes(signal)).find(({ ready }) => ready);
    if (!miner) return false;
    await network.mine(miner, 1, signal);
    return true;
  } catch (error) {
    if (isAbort(error, signal)) throw error;
    logger.debug("Could not mine a block", { error });
    return false;
  }
}
