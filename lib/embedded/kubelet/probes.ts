/** When a probe counts as passed or failed: pure, the checks themselves are elsewhere. */

import type { Probe } from "kubernetes-types/core/v1.d.ts";

/** What a probe is for. */
export type ProbeKind = "startup" | "readiness" | "liveness";

/** The outcome of one check; an `error` means that it could not be made at all, and does not count. */
export type ProbeResult = "success" | "failure" | "error";

/** Times and limits of a probe. */
export interface ProbeSettings {
  /** From the start of the container to the first check, in ms. */
  readonly initialDelayMs: number;
  /** From the start of one check to the next, in ms. */
  readonly periodMs: number;
  /** A check that takes longer has failed, in ms. */
  readonly timeoutMs: number;
  /** So many in a row to count as passed. */
  readonly successThreshold: number;
  /** So many in a row to count as failed. */
  readonly failureThreshold: number;
}

/** What is remembered of the checks so far. */
export interface ProbeState {
  /** Whether the probe counts as passed or failed; undefined before the first decision. */
  readonly verdict?: "success" | "failure";
  /** Outcome of the last check that counted. */
  readonly last?: "success" | "failure";
  /** How many in a row had it. */
  readonly run: number;
}

/** Before the first check. */
export const NOT_PROBED: ProbeState = { run: 0 };

/** The settings of a probe, with the defaults of the API. */
export function probeSettings(probe: Probe): ProbeSettings {
  return {
    initialDelayMs: (probe.initialDelaySeconds ?? 0) * 1000,
    periodMs: (probe.periodSeconds || 10) * 1000,
    timeoutMs: (probe.timeoutSeconds || 1) * 1000,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
  };
}

/** The state after one more check. */
export function probeStep(
  state: ProbeState,
  result: ProbeResult,
  { successThreshold, failureThreshold }: ProbeSettings,
): ProbeState {
  if (result === "error") return state;
  const run = state.last === result ? state.run + 1 : 1;
  const enough = run >= (result === "success" ? successThreshold : failureThreshold);
  const verdict = enough ? result : state.verdict;
  return { last: result, run, ...(verdict && { verdict }) };
}
