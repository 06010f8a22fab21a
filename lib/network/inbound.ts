/** Connections that a node did not dial itself: who is at the other end, and whether anybody still is. Pure. */

import type { PeerInfo } from "../rpc/mod.ts";
import type { ConnectionInput, Member } from "./connections.ts";
import { commentsOf } from "./identity.ts";
import { hostPort, isDialOf } from "./link.ts";
import { ordinalOf, P2P_PORT } from "./names.ts";

/** The node of a network that an inbound peer says it is, in its user agent; `undefined` if it is none. */
export function ordinalOfInbound(
  { network, mark }: Pick<ConnectionInput, "network" | "mark">,
  { inbound, subver }: PeerInfo,
): number | undefined {
  const comments = commentsOf(subver);
  if (!inbound || !comments.includes(mark)) return undefined;
  return comments.map((comment) => ordinalOf(network, comment)).find((found) =>
    found !== undefined
  );
}

/**
 * Whether an inbound peer of `member` hangs on a pod that is gone: `dialler`, the node that it says it is, has another
 * address by now and knows of no such connection. bitcoind would keep it for 20 minutes (`TIMEOUT_INTERVAL`,
 * src/net.h of Bitcoin Core). One that dialled a moment after it was asked is no ghost: it has its address. Where
 * addresses are translated on the way, a node that is asked in such a moment may lose a link, and dials it again.
 */
export function isGhost(peer: PeerInfo, member: Member, dialler: Member): boolean {
  if (dialler.report?.state !== "up" || dialler === member) return false;
  // First what is quickly seen: almost all have its address.
  return hostOf(peer.addr) !== hostOf(hostPort(dialler.ip, P2P_PORT)) &&
    !dialler.report.peers.some((other) => isDialOf(other, member));
}

/** The part of an address in front of its port. */
function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":"));
}
