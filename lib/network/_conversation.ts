/** What is going on with one node. */

import type { NodeReport } from "./node_report.ts";

/** A request or some; resolves to whether a run that did not wait for it should know. */
export type Work = Promise<boolean>;

/** What is going on with one pod at one address. */
export interface Conversation {
  /** Ends what is under way, once the pod is gone or has another address; absent while nothing is. */
  stop: AbortController | undefined;
  /** The last report, unless it was acted upon. */
  report: NodeReport | undefined;
  /** Whether no run has seen that yet: it came late. */
  isNews: boolean;
  /** The poll under way. */
  poll: Work | undefined;
  /** The actions under way. */
  actions: Work | undefined;
}

/** Nothing is going on yet. */
export function newConversation(): Conversation {
  return { stop: undefined, report: undefined, isNews: false, poll: undefined, actions: undefined };
}

/** Forgets what would end what is under way, if nothing is: so it is with most of thousands of nodes. */
export function tidy(conversation: Conversation): void {
  if (!conversation.poll && !conversation.actions) conversation.stop = undefined;
}
