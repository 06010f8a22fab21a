/** The link of one node to another, as the dialling side sees it. Pure. */

import type { PeerInfo } from "../rpc/mod.ts";
import { P2P_PORT } from "./names.ts";
import type { NodeUp } from "./node_report.ts";
import type { Dial } from "./topology.ts";

/** Whom a link should lead to. */
export interface LinkTarget {
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
  /** Numbers of the connections that make the link. */
  readonly peers: readonly number[];
  /** Numbers of further connections to the same target, which are not needed once the link is up. */
  readonly spare: readonly number[];
  /** What to dial to bring it up. */
  readonly dial: string;
}

/** The link of the node that reports to `target`, dialled as `by` says. */
export function linkTo(report: NodeUp, target: LinkTarget, by: Dial["by"]): Link {
  const direct = hostPort(target.ip, P2P_PORT);
  // An entry of the added list is satisfied only by a connection under its own name.
  const dial = by === "added" ? target.address : direct;
  const dialled = report.peers.filter((peer) => !peer.inbound);
  const peers = dialled.filter(({ addr }) => addr === dial);
  const others = dialled.filter(({ addr }) =>
    addr !== dial && (addr === direct || addr === target.address)
  );
  const state = stateOf(report, peers, dial, direct);
  // Another connection serves until the link itself is up.
  const spare = state === "up" ? others : [];
  return {
    state,
    peers: ids(state === "up" ? peers : [...peers, ...others]),
    spare: ids(spare),
    dial,
  };
}

function stateOf(
  report: NodeUp,
  peers: readonly PeerInfo[],
  dial: string,
  direct: string,
): Link["state"] {
  if (peers.length === 0) return "down";
  const entry = report.added.find(({ addednode }) => addednode === dial);
  // For a name, only the entry tells which address it led to.
  const inUse = entry?.addresses[0]?.address ?? direct;
  if (inUse !== direct) return "stale";
  return peers.some(({ version }) => version > 0) ? "up" : "shaking hands";
}

/** Address and port as bitcoind writes them. */
export function hostPort(ip: string, port: number): string {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}

function ids(peers: readonly PeerInfo[]): number[] {
  return peers.map(({ id }) => id);
}
