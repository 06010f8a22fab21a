/** The conditions of a network: what holds, why not, and what to do. Pure. */

import type { Condition } from "./schema.ts";

/** One aspect of how the network is, before it is compared with what was known. */
export interface Finding {
  /** Name of the condition. */
  readonly type: ConditionType;
  /** Whether it holds. */
  readonly holds: boolean;
  /** Why, for machines. */
  readonly reason: string;
  /** Why, for people. */
  readonly message: string;
}

/** The conditions there are. `Reconciling` and `Stalled` are there only while they hold. */
export type ConditionType =
  | "NodesReady"
  | "Connected"
  | "Synced"
  | "Ready"
  | "Reconciling"
  | "Stalled";

/** What a person must mend before the controller can go on. */
export interface Stall {
  /** Reason of the condition Stalled. */
  readonly reason:
    | "SecretMissing"
    | "SecretInvalid"
    | "NameConflict"
    | "InvalidConfig"
    | "Forbidden";
  /** What is wrong and what to do. */
  readonly message: string;
}

/** The condition of a type, if it is there. */
export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: ConditionType,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** `Ready`: all of `parts` hold and nothing is in the way; otherwise for the first reason that it is not. */
export function readyFinding(
  parts: readonly Finding[],
  obstacle: Pick<Finding, "reason" | "message"> | undefined,
): Finding {
  const failing = obstacle ?? parts.find(({ holds }) => !holds);
  return failing
    ? { type: "Ready", holds: false, reason: failing.reason, message: failing.message }
    : {
      type: "Ready",
      holds: true,
      reason: "Ready",
      message: "All nodes are Ready, linked and in sync",
    };
}

/** The conditions to store: a finding keeps the time of the one it continues. `now` is an RFC 3339 time. */
export function conditionsOf(
  findings: readonly Finding[],
  previous: readonly Condition[] | undefined,
  generation: number,
  now: string,
): Condition[] {
  return findings.map(({ type, holds, reason, message }) => {
    const status = holds ? "True" : "False";
    const before = findCondition(previous, type);
    return {
      type,
      status,
      observedGeneration: generation,
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : now,
      reason,
      message,
    };
  });
}
