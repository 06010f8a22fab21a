/** What must hold in a full mesh; each check throws what is missing. */

import { P2P_PORT } from "../../network/mod.ts";
import { NotYet } from "../until.ts";
import type { DemoNode } from "../demo/demo_network.ts";

/**
 * Each node lists all the others, is connected to each by a link of its own, and has no other peer.
 *
 * @throws {NotYet} naming the first node and link that are not as they should be
 */
export async function checkMesh(nodes: readonly DemoNode[], signal?: AbortSignal): Promise<void> {
  const options = signal ? { signal } : {};
  for (const node of nodes) {
    const others = nodes.filter((other) => other !== node);
    const added = await node.rpc.getAddedNodeInfo(options);
    if (added.length !== others.length) {
      throw new NotYet(`${node.name} lists ${added.length} nodes instead of ${others.length}`);
    }
    for (const other of others) {
      const entry = added.find(({ addednode }) => addednode === `${other.ip}:${P2P_PORT}`);
      if (!entry) throw new NotYet(`${node.name} does not list ${other.name} (${other.ip})`);
      if (!entry.connected) throw new NotYet(`${node.name} is not connected to ${other.name}`);
    }
    const peers = await node.rpc.getPeerInfo(options);
    const unfinished = peers.find((peer) => peer.version === 0);
    if (unfinished) throw new NotYet(`${node.name} still shakes hands with ${unfinished.addr}`);
    // Every pair dials both ways, so each other node is a peer twice.
    if (peers.length !== 2 * others.length) {
      throw new NotYet(`${node.name} has ${peers.length} links instead of ${2 * others.length}`);
    }
  }
}

/**
 * All nodes are at `height` with one tip.
 *
 * @returns the tip
 * @throws {NotYet} naming the first node that is elsewhere
 */
export async function checkChain(
  nodes: readonly DemoNode[],
  height: number,
  signal?: AbortSignal,
): Promise<string> {
  let tip: string | undefined;
  for (const node of nodes) {
    const chain = await node.rpc.getBlockchainInfo(signal ? { signal } : {});
    if (chain.blocks !== height) {
      throw new NotYet(`${node.name} has ${chain.blocks} blocks of ${height}`);
    }
    tip ??= chain.bestblockhash;
    if (chain.bestblockhash !== tip) throw new NotYet(`${node.name} has another block ${height}`);
  }
  if (tip === undefined) throw new NotYet("there is no node");
  return tip;
}
