/** Which links are up, which dials are missing, and what to do about it. Pure: from reports to actions. */

import type { PeerInfo } from "../rpc/mod.ts";
import { cutRule } from "./cuts.ts";
import { type Dial, keepSlots, type Wiring } from "./dials.ts";
import { edgeKey } from "./edge.ts";
import { isGhost, ordinalOfInbound } from "./inbound.ts";
import { hostPort, type Link, linkTo } from "./link.ts";
import { P2P_PORT, podName } from "./names.ts";
import type { NodeReport, NodeUp } from "./node_report.ts";

/** One pod of the network as the planner sees it. */
export interface Member {
  /** Its ordinal. */
  readonly ordinal: number;
  /** Name of its pod. */
  readonly name: string;
  /** Address of its pod. */
  readonly ip: string;
  /** How others name it in their added lists. */
  readonly address: string;
  /** What it said in the last poll; absent if it was not asked. */
  readonly report: NodeReport | undefined;
}

/** One thing to do at one node. */
export type Action =
  | {
    /** `add` to the added list, or dial at once. */
    readonly kind: "add" | "onetry";
    /** What to add or dial. */
    readonly node: string;
  }
  | {
    /** Take out of the added list. */
    readonly kind: "remove";
    /** The entry, to the letter. */
    readonly node: string;
    /** Whether it was never of this network: somebody added it by hand. */
    readonly isForeign: boolean;
  }
  | {
    /** End a connection. */
    readonly kind: "disconnect";
    /** Its number. */
    readonly id: number;
    /** What is wrong with it. */
    readonly why: string;
  };

/** What to do, and how things are. */
export interface ConnectionPlan {
  /** What to do at each node, in this order, by the name of its pod; nodes with nothing to do are absent. */
  readonly actions: ReadonlyMap<string, readonly Action[]>;
  /** Whether a link is about to come up by itself: it shakes hands. */
  readonly isPending: boolean;
  /** How many of the wanted edges are up. */
  readonly actual: number;
  /** For each member, by ordinal, the names of those that it should be linked to and is not. */
  readonly missing: ReadonlyMap<number, readonly string[]>;
}

/** What the plan is made from. */
export interface ConnectionInput {
  /** Name of the network. */
  readonly network: string;
  /** Number of nodes that are wanted. */
  readonly nodes: number;
  /** The wanted links, and who dials them. */
  readonly wiring: Wiring;
  /** The pods that are there, of wanted ordinals. */
  readonly members: readonly Member[];
  /** Whether an entry of an added list is, or was, a node of this network. */
  readonly isOurs: (entry: string) => boolean;
}

/**
 * Compares the wanted links with what the nodes report.
 *
 * Nodes that did not answer are left alone: nobody dials them, and nothing is done at them. A link between two of the
 * nodes is cut only when its edge is up by another one, or when it is not wanted and not needed any more, so that a
 * network never falls apart on the way from one topology to another. When all actions were carried out, the next plans
 * have fewer, and at last none.
 */
export function planConnections(input: ConnectionInput): ConnectionPlan {
  const { dials } = input.wiring;
  const byOrdinal = new Map(input.members.map((member) => [member.ordinal, member]));
  const callers = input.members.flatMap((member): Caller[] => {
    const { report } = member;
    if (report?.state !== "up") return [];
    const entries = new Set(report.added.map(({ addednode }) => addednode));
    const holds = (to: number): boolean => entries.has(byOrdinal.get(to)?.address ?? "");
    const links = keepSlots(dials[member.ordinal] ?? [], holds).flatMap((dial): Wanted[] => {
      const target = byOrdinal.get(dial.to);
      return target ? [{ dial, target, link: linkTo(report, target, dial.by) }] : [];
    });
    return [{ member, report, links }];
  });
  const edgesThat = (fits: (link: Link) => boolean): ReadonlySet<string> =>
    new Set(callers.flatMap(({ member, links }) =>
      links.filter(({ link }) => fits(link))
        .map(({ target }) => edgeKey(member.ordinal, target.ordinal))
    ));
  const up = edgesThat(({ state }) => state === "up");
  const isNeeded = needRule(input, edgesThat(({ isSure }) => isSure));
  const actions = new Map<string, readonly Action[]>();
  for (const caller of callers) {
    const plan = planNode(caller, isNeeded, input);
    if (plan.length > 0) actions.set(caller.member.name, plan);
  }
  const isPending = callers.some(({ links }) =>
    links.some(({ link }) => link.state === "shaking hands")
  );
  return { actions, isPending, ...countEdges(input, up) };
}

/**
 * Whether a link between two nodes must stay for now, though it is not dialled as it should be: its edge is not up
 * otherwise, or it has none and cannot be cut yet.
 */
function needRule(
  { wiring: { edges }, members }: ConnectionInput,
  up: ReadonlySet<string>,
): (one: number, other: number) => boolean {
  const answering = new Set(
    members.filter(({ report }) => report?.state === "up").map(({ ordinal }) => ordinal),
  );
  const wanted = new Set(edges.map(([low, high]) => edgeKey(low, high)));
  const mayCut = cutRule({
    wanted: edges,
    up: edges.filter(([low, high]) => up.has(edgeKey(low, high))),
    possible: edges.filter(([low, high]) => answering.has(low) && answering.has(high)),
  });
  return (one, other) => {
    const edge = edgeKey(one, other);
    return wanted.has(edge) ? !up.has(edge) : !mayCut(one, other);
  };
}

/** A node that answered, with what it should dial. */
interface Caller {
  readonly member: Member;
  readonly report: NodeUp;
  readonly links: readonly Wanted[];
}

/** One dial of one node, with the link that is there for it. */
interface Wanted {
  readonly dial: Dial;
  readonly target: Member;
  readonly link: Link;
}

function planNode(
  { member, report, links }: Caller,
  isNeeded: (one: number, other: number) => boolean,
  input: ConnectionInput,
): Action[] {
  const renew: Action[] = [];
  const forget: Action[] = [];
  const entries = new Set(report.added.map(({ addednode }) => addednode));
  const wantedEntries = new Set<string>();
  const wantedPeers = new Set<number>();

  for (const { dial: { by }, target, link } of links) {
    if (by === "added") wantedEntries.add(target.address);
    for (const id of [...link.peers, ...link.spare]) wantedPeers.add(id);
    if (target.report?.state !== "up") continue;
    if (by === "added" && !entries.has(target.address)) {
      renew.push({ kind: "add", node: target.address });
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
    if (link.state === "stale" || link.state === "down") {
      renew.push({ kind: "onetry", node: link.dial });
    }
    for (const id of link.spare) {
      forget.push({ kind: "disconnect", id, why: `it is a second link to ${target.name}` });
    }
  }
  for (const { addednode } of report.added) {
    if (wantedEntries.has(addednode)) continue;
    forget.push({ kind: "remove", node: addednode, isForeign: !input.isOurs(addednode) });
  }
  for (const { ordinal, ip, address } of input.members) {
    if (!isNeeded(member.ordinal, ordinal)) continue;
    const addresses = [address, hostPort(ip, P2P_PORT)];
    for (const { id, addr } of report.peers) if (addresses.includes(addr)) wantedPeers.add(id);
  }
  for (const peer of report.peers) {
    if (wantedPeers.has(peer.id)) continue;
    const why = faultOf(peer, member, input);
    if (why) forget.push({ kind: "disconnect", id: peer.id, why });
  }
  return [...renew, ...forget];
}

/** What is wrong with a connection that no link needs; `undefined` if that is nothing. */
function faultOf(peer: PeerInfo, member: Member, input: ConnectionInput): string | undefined {
  const isDialled = !peer.inbound && peer.connection_type === "manual";
  if (isDialled) return "it has no place in the topology";
  const ordinal = ordinalOfInbound(input.network, peer);
  if (ordinal === undefined) return undefined;
  if (ordinal >= input.nodes) return "it comes from a node that leaves";
  // Any other one that has no place is cut by the node that dialled it.
  const dialler = input.members.find((other) => other.ordinal === ordinal);
  return dialler && isGhost(peer, member, dialler)
    ? `it comes from a pod of ${dialler.name} that is gone`
    : undefined;
}

function countEdges(
  { network, wiring, members }: ConnectionInput,
  up: ReadonlySet<string>,
): Pick<ConnectionPlan, "actual" | "missing"> {
  const missing = new Map<number, string[]>(members.map(({ ordinal }) => [ordinal, []]));
  let actual = 0;
  for (const [low, high] of wiring.edges) {
    if (up.has(edgeKey(low, high))) {
      actual++;
      continue;
    }
    missing.get(low)?.push(podName(network, high));
    missing.get(high)?.push(podName(network, low));
  }
  return { actual, missing };
}
