/** Decides how a watcher goes on after a failure. */

import { ApiError, TransportError } from "./errors.ts";

/** `rewatch`: from the last version; `relist`: that version is no longer to be trusted. */
export type Recovery = "rewatch" | "relist";

/**
 * How to go on after a watch failed, be it by its HTTP status, by an ERROR event or by its connection.
 * Only failures that say nothing of our version keep it. All others list again: an expired version (410) and one
 * that the server has not reached, but also a 403 or 404, which the list then reports with the same words.
 */
export function recoveryFrom(error: unknown): Recovery {
  if (error instanceof TransportError) return "rewatch";
  if (!(error instanceof ApiError) || error.isResourceVersionTooLarge) return "relist";
  return error.status === 429 || error.status === 503 ? "rewatch" : "relist";
}
