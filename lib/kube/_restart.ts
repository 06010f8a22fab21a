/** Why a list or a watch is begun anew after a failure, and from where. */

import { ApiError, TransportError } from "./errors.ts";
import type { WatchRestart } from "./observer.ts";

/** The name of a failure of a list or a watch, be it by its HTTP status, by an ERROR event or by its connection. */
export function restartAfter(error: unknown): WatchRestart {
  if (error instanceof TransportError) return "lost";
  if (!(error instanceof ApiError)) return "failed";
  if (error.isExpired || error.isResourceVersionTooLarge) return "expired";
  if (error.isUnauthorized || error.isForbidden || error.isNotFound) return "refused";
  return error.isTooManyRequests || error.status === 503 ? "busy" : "failed";
}

/**
 * Whether a watch goes on from its last version after a failure. Only failures that say nothing of the version keep it.
 * After all others a list is needed: an expired version (410) and one that the server has not reached, but also a 403 or
 * 404, which the list then reports with the same words.
 */
export function keepsVersion(why: WatchRestart): boolean {
  return why === "lost" || why === "busy";
}
