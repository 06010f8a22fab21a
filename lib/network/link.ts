/** The link of one node to another, as the dialling side sees it. Pure. */

import type { PeerInfo } from "../rpc/mod.ts";
import type { Dial } from "./dials.ts";
import { type Identity, isNode } from "./identity.ts";
import { P2P_PORT } from "./names.ts";
import type { NodeUp } from "./node_report.ts";

/** Whom a link should lead to. */
export interface LinkTarget extends Identity {
  /** Address of its pod now. */
  readonly ip: string;
  /** How it is named in added lists. */
  readonly address: string;
}

/** One dialled link. */
export interface Link {
  /**
   * - `up`: connected to the target's pod, handshake done
   * - `shaking hands`: connected, handshake not done; bitcoind itself gives up after a minute
   * - `stale`: connected to another address than the pod's: the pod was replaced and the old connection hangs
   * - `down`: not connected
   */
  readonly state: "up" | "shaking hands" | "stale" | "down";
  /** Numbers of the connections that make the link; one if it is up. */
  readonly peers: readonly number[];
  /** Numbers of further connections to the same target, which are not needed while the link is up. */
  readonly spare: readonly number[];
  /** Numbers of connections that lead to somebody else: the address is another pod's by now, maybe of another network. */
  readonly foreign: readonly number[];
  /** Whether it is up beyond doubt: under a name without an entry it may lead to a pod that is gone. */
  readonly isSure: boolean;
}

/**
 * The link of the node that reports to `target`, dialled as `by` says.
 *
 * A connection counts under the target's name and under its address: bitcoind refuses to dial one while it has the other.
 */
export function linkTo(report: NodeUp, target: LinkTarget, by: Dial["by"]): Link {
  const direct = hostPort(target.ip, P2P_PORT);
  const dialled = report.peers.filter((peer) => isDialOf(peer, target));
  const there = dialled.filter((peer) => !isHandshakeDone(peer) || isNode(peer.subver, target));
  const foreign = ids(dialled.filter((peer) => !there.includes(peer)));
  // Under a name without an entry it may lead anywhere; that is believed only until the entry is there again.
  const unknown = by === "added" ? direct : undefined;
  const right = there.filter((peer) =>
    peer.addr === direct || addressInUse(report, peer, unknown) === direct
  );
  const done = right.filter(isHandshakeDone);
  // One under the name is what bitcoind itself keeps up.
  const dial = by === "added" ? target.address : direct;
  const best = done.find(({ addr }) => addr === dial) ?? done[0];
  if (best) {
    const spare = there.filter((peer) => peer !== best);
    const isSure = best.addr === direct || addressInUse(report, best, undefined) === direct;
    return { state: "up", peers: [best.id], spare: ids(spare), foreign, isSure };
  }
  const state = right.length > 0 ? "shaking hands" : there.length > 0 ? "stale" : "down";
  return { state, peers: ids(there), spare: [], foreign, isSure: false };
}

/** Whether a connection was made by dialling a node, by its name or its address. */
export function isDialOf(
  { inbound, addr }: PeerInfo,
  { ip, address }: Pick<LinkTarget, "ip" | "address">,
): boolean {
  return !inbound && (addr === address || addr === hostPort(ip, P2P_PORT));
}

/** Whether a peer has said who it is; bitcoind notes the version first. */
export function isHandshakeDone({ version, subver }: PeerInfo): boolean {
  return version > 0 && subver !== "";
}

/** Where a dialled connection leads: of one under a name only the entry in the added list tells. */
function addressInUse(
  { added }: NodeUp,
  { addr }: PeerInfo,
  otherwise: string | undefined,
): string | undefined {
  const entry = added.find(({ addednode }) => addednode === addr);
  return entry?.addresses[0]?.address ?? otherwise;
}

/** Address and port as bitcoind writes them. */
export function hostPort(ip: string, port: number): string {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}

function ids(peers: readonly PeerInfo[]): number[] {
  return peers.map(({ id }) => id);
}
