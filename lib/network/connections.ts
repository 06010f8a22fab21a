/** Which links are up, which dials are missing, and what to do about it. Pure: from reports to actions. */

import { cutRule } from "./cuts.ts";
import { keepSlots, type Wiring } from "./dials.ts";
import { edgeKey } from "./edge.ts";
import type { KnownEntries } from "./known_entries.ts";
import { type Link, linkTo } from "./link.ts";
import { podName } from "./names.ts";
import { type Caller, canLink, misleadingEntries, planNode, type Wanted } from "./node_plan.ts";
import type { NodeReport } from "./node_report.ts";

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
  /** Entries of added lists that lead to somebody else; they are taken out, and better not put in again soon. */
  readonly misleading: readonly string[];
  /** How many of the wanted edges are up. */
  readonly actual: number;
  /** For each member, by ordinal, the names of those that it should be linked to and is not. */
  readonly missing: ReadonlyMap<number, readonly string[]>;
}

/** What the plan is made from. */
export interface ConnectionInput {
  /** Name of the network. */
  readonly network: string;
  /** What its nodes, and no others, have in their user agents; see `identity.ts`. */
  readonly mark: string;
  /** Number of nodes that are wanted. */
  readonly nodes: number;
  /** The wanted links, and who dials them. */
  readonly wiring: Wiring;
  /** The pods that are there, of wanted ordinals. */
  readonly members: readonly Member[];
  /** What is known of entries. */
  readonly entries: Pick<KnownEntries, "isOurs" | "isMisleading">;
}

/**
 * Compares the wanted links with what the nodes report.
 *
 * Nodes that did not answer are left alone: nobody dials them, and nothing is done at them. A link between two of the
 * nodes is cut only when its edge is up by another one, or when it is not wanted and not needed any more, so that a
 * network never falls apart on the way from one topology to another. When all actions were carried out, the next plans
 * have fewer, and at last none.
 *
 * Who is dialled has just said at the address that is dialled that it is the node, and each link is checked again for
 * who is at its other end: an address may have become that of a pod of another network, and two networks that are linked
 * become one.
 */
export function planConnections(input: ConnectionInput): ConnectionPlan {
  const { wiring: { dials }, mark } = input;
  // A node at whose address somebody else answers can be neither asked nor dialled.
  const members = input.members.filter(({ report }) => !isSomebodyElse(report));
  const byOrdinal = new Map(members.map((member) => [member.ordinal, member]));
  const callers = members.flatMap((member): Caller[] => {
    const { report } = member;
    if (report?.state !== "up") return [];
    const entries = new Set(report.added.map(({ addednode }) => addednode));
    const holds = (to: number): boolean => entries.has(byOrdinal.get(to)?.address ?? "");
    const links = keepSlots(dials[member.ordinal] ?? [], holds).flatMap((dial): Wanted[] => {
      const target = byOrdinal.get(dial.to);
      return target ? [{ dial, target, link: linkTo(report, { ...target, mark }, dial.by) }] : [];
    });
    return [{ member, report, entries, links }];
  });
  const edgesThat = (fits: (link: Link) => boolean): ReadonlySet<string> =>
    new Set(callers.flatMap(({ member, links }) =>
      links.filter(({ link }) => fits(link))
        .map(({ target }) => edgeKey(member.ordinal, target.ordinal))
    ));
  const up = edgesThat(({ state }) => state === "up");
  const isNeeded = needRule(input, edgesThat(({ isSure }) => isSure));
  const actions = new Map<string, readonly Action[]>();
  const misleading = callers.flatMap(misleadingEntries);
  for (const caller of callers) {
    const plan = planNode(caller, isNeeded, { ...input, members });
    if (plan.length > 0) actions.set(caller.member.name, plan);
  }
  const isPending = callers.some(({ links }) =>
    links.some(({ link }) => link.state === "shaking hands")
  );
  return { actions, isPending, misleading, ...countEdges(input, up) };
}

/** Whether another node than the one that is looked for answers at its address. */
function isSomebodyElse(report: NodeReport | undefined): boolean {
  return report !== undefined && report.state !== "up" && report.isSomebodyElse === true;
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
    members.filter(({ report }) => canLink(report)).map(({ ordinal }) => ordinal),
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
