/** Dials the nodes of the added list, again and again, with the patience of the real one (src/net.cpp, `ThreadOpenAddedConnections`). */

import type { Clock } from "../../time/mod.ts";
import type { AddedNodes } from "./added_nodes.ts";
import type { P2p } from "./p2p.ts";
import { type Slot, Slots } from "./slots.ts";

/** How many added nodes are connected at most; the others are not even tried (src/net.h). */
const MAX_ADDNODE_CONNECTIONS = 8;
/** Wait between two dials, in ms. */
const BETWEEN_DIALS_MS = 500;
/** Wait after a round in which a node was dialled, whether or not it answered, in ms. */
const AFTER_DIALS_MS = 60_000;
/** Wait after a round in which all were connected, in ms. */
const IDLE_MS = 2_000;

/** Dials until the signal is aborted, and throws its reason then. */
export async function dialAddedNodes(
  added: AddedNodes,
  p2p: P2p,
  clock: Clock,
  signal: AbortSignal,
): Promise<never> {
  const slots = new Slots(MAX_ADDNODE_CONNECTIONS);
  for (;;) {
    let slot: Slot | undefined = await slots.acquire(signal);
    const missing = added.names.filter((name) => !p2p.linkTo(name));
    for (const name of missing) {
      if (!slot) break;
      if (!p2p.dial(name, slot)) slot.release();
      await clock.sleep(BETWEEN_DIALS_MS, signal);
      slot = slots.tryAcquire();
    }
    slot?.release();
    await clock.sleep(missing.length > 0 ? AFTER_DIALS_MS : IDLE_MS, signal);
  }
}
