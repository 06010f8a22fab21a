/** Connections that a node did not dial itself: who is at the other end, and whether anybody still is. Pure. */

import type { PeerInfo } from "../rpc/mod.ts";
import type { ConnectionInput, Member } from "./connections.ts";
import { commentsOf } from "./identity.ts";
import { hostPort, isDialOf } from "./link.ts";
import { ordinalOf, P2P_PORT } from "./names.ts";

/** The node of a network that an inbound peer says it is, in its user agent; `undefined` if it is none. */
function ordinalOfInbound(
  { network, mark }: Pick<ConnectionInput, "network" | "mark">,
  { inbound, subver }: PeerInfo,
): number | undefined {
  const comments = commentsOf(subver);
  if (!inbound || !comments.includes(mark)) return undefined;
  return comments.map((comment) => ordinalOf(network, comment)).find((found) =>
    found !== undefined
  );
}

/** The inbound peers of a node by the node of the network that they say they are. */
export function inboundByOrdinal(
  identity: Pick<ConnectionInput, "network" | "mark">,
  peers: readonly PeerInfo[],
): ReadonlyMap<number, readonly PeerInfo[]> {
  const found = new Map<number, PeerInfo[]>();
  for (const peer of peers) {
    const ordinal = ordinalOfInbound(identity, peer);
    if (ordinal === undefined) continue;
    const others = found.get(ordinal);
    if (others) others.push(peer);
    else found.set(ordinal, [peer]);
  }
  return found;
}

/**
 * Those of `peers`, which are inbound at `member` and all say that they are `dialler`, that hang on a pod of it that is
 * gone: they come from another address than it has by now, and there are more of them than it knows of. bitcoind would
 * keep such a connection for 20 minutes (`TIMEOUT_INTERVAL`, src/net.h of Bitcoin Core). One that was dialled a moment
 * after the dialler was asked is none: it has its address. Where addresses are translated on the way, the oldest are
 * taken for those of the pod before, and a node that is asked in such a moment may lose a link, and dials it again.
 */
export function ghostsAmong(
  peers: readonly PeerInfo[],
  member: Member,
  dialler: Member,
): readonly PeerInfo[] {
  if (dialler.report?.state !== "up" || dialler === member) return [];
  // First what is quickly seen: almost all have its address.
  const host = hostOf(hostPort(dialler.ip, P2P_PORT));
  const elsewhere = peers.filter(({ addr }) => hostOf(addr) !== host);
  if (elsewhere.length === 0) return [];
  const known = dialler.report.peers.filter((other) => isDialOf(other, member)).length;
  return elsewhere.toSorted((a, b) => a.id - b.id).slice(0, Math.max(0, peers.length - known));
}

/** The part of an address in front of its port. */
function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":"));
}
