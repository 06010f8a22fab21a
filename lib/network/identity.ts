/**
 * Who a node says it is: comments of its user agent name its pod and its network. Addresses are used again, and RPC
 * credentials may be shared; without this, a pod of another network could be taken for one's own. Pure.
 */

import { hashOf } from "./hash.ts";

/** A node that is expected somewhere. */
export interface Identity {
  /** Name of its pod. */
  readonly name: string;
  /** Mark of its network; see {@linkcode networkMark}. */
  readonly mark: string;
}

/** How the marks of all networks begin. */
const MARK_PREFIX = "network-";
/** Digits of a mark: enough for the networks of one cluster to differ, and short among the peers of a node. */
const MARK_DIGITS = 10;

/**
 * The mark of a network, which all of its nodes have in their user agent. It comes from the network's UID: names are
 * the same in many namespaces, and a network that is made anew is another one.
 */
export function networkMark(uid: string): string {
  return `${MARK_PREFIX}${hashOf(uid).slice(0, MARK_DIGITS)}`;
}

/** The comments of a user agent: `/Satoshi:30.0.0(net-sts-0; network-0123456789)/` has two. */
export function commentsOf(userAgent: string): readonly string[] {
  return /\(([^)]*)\)/.exec(userAgent)?.[1]?.split("; ") ?? [];
}

/** Whether a user agent is that of the node that is expected. */
export function isNode(userAgent: string, { name, mark }: Identity): boolean {
  const comments = commentsOf(userAgent);
  return comments.includes(name) && comments.includes(mark);
}

/** Whether a user agent is that of a node of another network; one of a wallet, say, is of none. */
export function isOfAnotherNetwork(userAgent: string, mark: string): boolean {
  const marks = commentsOf(userAgent).filter((comment) => comment.startsWith(MARK_PREFIX));
  return marks.length > 0 && !marks.includes(mark);
}
