/** The faults that client, watch and informer must survive. */

import type { Fault } from "../support/fault_proxy.ts";
import * as answers from "../support/fault_proxy_faults.ts";
import * as lines from "../support/fault_proxy_lines.ts";
import type { Effect } from "./_fault_effects.ts";

/** A fault and what comes of it. */
export interface FaultAndEffects {
  /** What goes wrong. */
  readonly fault: Fault;
  /**
   * What a watch that it hits notices.
   *
   * @default {"failure"} it is disruptive
   */
  readonly onWatch?: Effect;
  /**
   * What a list that it hits notices.
   *
   * @default {"failure"} it is disruptive
   */
  readonly onList?: Effect;
}

/** A fault and how often it hits before it is over. */
export interface FaultCase extends FaultAndEffects {
  /** How many requests in a row it hits; it is over sooner when {@linkcode LASTS_MS} have passed. */
  readonly times: number;
}

/** How long a fault lasts at most, in ms: those that a client could run into again and again at once have no other end. */
export const LASTS_MS = 800;

/** More often than a client that backs off meets a fault. */
const ALWAYS = 1000;

/** Faults of any request; a watch and a list must both survive them. */
export const ANSWERS: readonly FaultCase[] = [
  { fault: answers.cutBeforeAnswer(), times: 4 },
  { fault: answers.cutInsideHeaders(), times: ALWAYS },
  { fault: answers.silence(), times: 2 },
  { fault: answers.silenceAfterHeaders(), times: 2, onWatch: "silence" },
  { fault: answers.delay(300), times: 1, onWatch: "nothing", onList: "nothing" },
  { fault: answers.expired(), times: ALWAYS },
  { fault: answers.tooLargeResourceVersion(), times: 3 },
  { fault: answers.tooManyRequests(), times: 3 },
  { fault: answers.tooManyRequests(2), times: 3 },
  { fault: answers.tooManyRequestsAsText(), times: 3 },
  { fault: answers.refusal(500, "InternalError"), times: 4 },
  { fault: answers.refusal(503, "ServiceUnavailable"), times: 4 },
  { fault: answers.refusal(403, "Forbidden"), times: 3 },
  { fault: answers.htmlPage(200), times: ALWAYS },
  { fault: answers.htmlPage(502), times: 3 },
  { fault: answers.redirect(), times: 3 },
  { fault: answers.wrongContentType(), times: 3, onWatch: "nothing" },
  { fault: answers.empty(), times: ALWAYS },
  { fault: answers.value(null), times: 3 },
  { fault: answers.value([1]), times: 3 },
  { fault: answers.value({ kind: "Secret", metadata: { resourceVersion: "1" } }), times: 3 },
];

/** Faults of lists. */
export const LISTS: readonly FaultCase[] = [
  { fault: answers.cutInsideBody(), times: 4 },
  { fault: answers.truncatedJson(), times: 4 },
  {
    fault: answers.value({ metadata: { resourceVersion: "1" }, items: [{}, null, 1] }),
    times: 3,
  },
  { fault: answers.value({ metadata: { resourceVersion: "1" }, items: {} }), times: 3 },
];

/** Faults of watches. */
export const WATCHES: readonly FaultCase[] = [
  { fault: lines.cutInsideLine(), times: 3 },
  { fault: lines.cutInsideLine(2), times: 3 },
  { fault: lines.cutInsideCharacter(), times: 3 },
  { fault: lines.crumbs(), times: 1, onWatch: "nothing" },
  { fault: lines.silentAfter(2), times: 2, onWatch: "silence" },
  { fault: lines.duplicateLines(), times: 1, onWatch: "nothing" },
  { fault: lines.olderAfterNewer(), times: 1 },
  // Only lines that come close together are swapped.
  { fault: lines.swappedLines(), times: 1, onWatch: "nothing" },
  { fault: lines.hugeLines(8), times: 1, onWatch: "nothing" },
  { fault: lines.wrongKind(), times: 1, onWatch: "nothing" },
  { fault: lines.malformedObjects(), times: 1, onWatch: "nothing" },
  { fault: lines.uselessBookmarks(), times: 1, onWatch: "nothing" },
  { fault: lines.endAfterEachLine(), times: 5 },
  { fault: lines.expiredEvent(), times: ALWAYS },
  { fault: lines.errorEvent(500, "InternalError"), times: 3 },
  { fault: lines.errorEvent(403, "Forbidden"), times: 3 },
  { fault: lines.errorEvent(429, "TooManyRequests"), times: 3 },
  { fault: answers.bookmarkAndEnd("ConfigMap"), times: ALWAYS },
];
