/** What to do at one node about its links. Pure: from its report and those of the others to actions. */

import type { Action, ConnectionInput, Member } from "./connections.ts";
import type { Dial } from "./dials.ts";
import { isNode, isOfAnotherNetwork } from "./identity.ts";
import { ghostsAmong, inboundByOrdinal } from "./inbound.ts";
import { hostPort, isDialOf, isHandshakeDone, type Link } from "./link.ts";
import { P2P_PORT } from "./names.ts";
import type { NodeReport, NodeUp } from "./node_report.ts";

/** A node that answered, with what it should dial. */
export interface Caller {
  /** Its pod. */
  readonly member: Member;
  /** What it said. */
  readonly report: NodeUp;
  /** Its added list. */
  readonly entries: ReadonlySet<string>;
  /** Its dials. */
  readonly links: readonly Wanted[];
}

/** One dial of one node, with the link that is there for it. */
export interface Wanted {
  /** Whom it is to dial, and how. */
  readonly dial: Dial;
  /** The pod that it leads to. */
  readonly target: Member;
  /** What is there. */
  readonly link: Link;
}

/** Whether a node can be linked now: it answers, and nobody has switched its p2p part off (`setnetworkactive`). */
export function canLink(report: NodeReport | undefined): boolean {
  return report?.state === "up" && report.network.networkactive;
}

/** Entries of a node under which it is connected to somebody else. */
export function misleadingEntries({ report, entries, links }: Caller): readonly string[] {
  const foreign = new Set(links.flatMap(({ link }) => link.foreign));
  return report.peers.filter(({ id, addr }) => foreign.has(id) && entries.has(addr))
    .map(({ addr }) => addr);
}

/**
 * What to do at one node: part from others, renew what is down, and then forget what is not wanted. `isNeeded` tells
 * whether a link between two nodes must stay though it is not dialled as it should be.
 */
export function planNode(
  caller: Caller,
  isNeeded: (one: number, other: number) => boolean,
  input: ConnectionInput,
): Action[] {
  const { member, report, entries, links } = caller;
  const part: Action[] = [];
  const renew: Action[] = [];
  const forget: Action[] = [];
  const misleading = new Set(misleadingEntries(caller));
  const wantedEntries = new Set<string>();
  const wantedPeers = new Set<number>();

  for (const { dial: { by }, target, link } of links) {
    const { address } = target;
    if (by === "added" && !misleading.has(address)) wantedEntries.add(address);
    for (const id of [...link.peers, ...link.spare, ...link.foreign]) wantedPeers.add(id);
    for (const id of link.foreign) {
      part.push({ kind: "disconnect", id, why: `it leads to another node than ${target.name}` });
    }
    if (target.report?.state !== "up") continue;
    if (
      wantedEntries.has(address) && !entries.has(address) && !input.entries.isMisleading(address)
    ) {
      renew.push({ kind: "add", node: address });
    }
    if (link.state === "stale") {
      for (const id of link.peers) {
        renew.push({
          kind: "disconnect",
          id,
          why: `it does not lead to ${target.name} at ${target.ip}`,
        });
      }
    }
    const isGone = link.state === "stale" || link.state === "down";
    if (isGone && canLink(report) && canLink(target.report)) {
      // By address: that is where the node has just answered, while its name may lead elsewhere for half a minute.
      renew.push({ kind: "onetry", node: hostPort(target.ip, P2P_PORT) });
    }
    for (const id of link.spare) {
      forget.push({ kind: "disconnect", id, why: `it is a second link to ${target.name}` });
    }
  }
  for (const { addednode } of report.added) {
    if (wantedEntries.has(addednode)) continue;
    const remove: Action = {
      kind: "remove",
      node: addednode,
      isForeign: !input.entries.isOurs(addednode),
    };
    // Before its connection is cut, or bitcoind dials it again in between.
    if (misleading.has(addednode)) part.unshift(remove);
    else forget.push(remove);
  }
  for (const target of input.members) {
    if (!isNeeded(member.ordinal, target.ordinal)) continue;
    for (const peer of report.peers) {
      const isIt = !isHandshakeDone(peer) || isNode(peer.subver, { ...target, mark: input.mark });
      if (isIt && isDialOf(peer, target)) wantedPeers.add(peer.id);
    }
  }
  const dead = deadEnds(caller, input);
  for (const peer of report.peers) {
    if (wantedPeers.has(peer.id)) continue;
    if (peer.inbound && isOfAnotherNetwork(peer.subver, input.mark)) {
      part.push({ kind: "disconnect", id: peer.id, why: "it is a node of another network" });
      continue;
    }
    const isDialled = !peer.inbound && peer.connection_type === "manual";
    const why = isDialled ? "it has no place in the topology" : dead.get(peer.id);
    if (why) forget.push({ kind: "disconnect", id: peer.id, why });
  }
  return [...part, ...renew, ...forget];
}

/** Inbound connections that lead nowhere any more, and why; any other that has no place is cut by who dialled it. */
function deadEnds(
  { member, report }: Caller,
  input: ConnectionInput,
): ReadonlyMap<number, string> {
  const dead = new Map<number, string>();
  for (const [ordinal, peers] of inboundByOrdinal(input, report.peers)) {
    if (ordinal >= input.nodes) {
      for (const { id } of peers) dead.set(id, "it comes from a node that leaves");
      continue;
    }
    const dialler = input.members.find((other) => other.ordinal === ordinal);
    for (const { id } of dialler ? ghostsAmong(peers, member, dialler) : []) {
      dead.set(id, `it comes from a pod of ${dialler?.name} that is gone`);
    }
  }
  return dead;
}
