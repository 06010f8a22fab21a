/** Decides whether a failed request is sent again. */

import { ApiError, TransportError } from "./errors.ts";
import type { Method } from "./request.ts";

/** Attempts in all when the server asks for patience (client-go, `rest/request.go`). */
export const MAX_ATTEMPTS = 10;

/** Attempts in all without an answer: enough for a connection that died in the pool; callers retry on their own after that. */
export const MAX_ATTEMPTS_WITHOUT_ANSWER = 3;

/** Wait after a lost connection, in ms (client-go, `rest/request.go`). */
const LOST_CONNECTION_DELAY_MS = 1000;

/** Own delay after the first answer with `Retry-After`, in ms; doubles each time. The longer of the two delays counts. */
const INITIAL_DELAY_MS = 100;

/** A request that failed. */
export interface FailedAttempt {
  /** Its method. */
  readonly method: Method;
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  /** Time left for the request as a whole, in ms. */
  readonly leftMs: number;
  /** How it failed. */
  readonly error: unknown;
}

/**
 * How long to wait before the next attempt, in ms; undefined for no other attempt. A request is sent again when the
 * server says when (`Retry-After` with 429 or 5xx), or when a GET got no answer: a write may have been done.
 */
export function retryDelayMs(
  { method, attempt, leftMs, error }: FailedAttempt,
): number | undefined {
  const delayMs = wantedDelayMs(method, attempt, error);
  return delayMs !== undefined && delayMs < leftMs ? delayMs : undefined;
}

function wantedDelayMs(method: Method, attempt: number, error: unknown): number | undefined {
  if (error instanceof ApiError) {
    const busy = error.status === 429 || error.status >= 500;
    if (!busy || error.retryAfterMs === undefined || attempt >= MAX_ATTEMPTS) return undefined;
    return Math.max(error.retryAfterMs, INITIAL_DELAY_MS * 2 ** (attempt - 1));
  }
  const lost = error instanceof TransportError && !error.timedOut;
  if (!lost || method !== "GET" || attempt >= MAX_ATTEMPTS_WITHOUT_ANSWER) return undefined;
  return LOST_CONNECTION_DELAY_MS;
}
