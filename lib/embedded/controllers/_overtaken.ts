/** Writes whose object may have moved on since the decision to write was made from memory. */

import { ApiError } from "../../kube/mod.ts";

/**
 * Waits for a write with preconditions. When the object is gone or has changed by then nothing is lost: the news of
 * that is on its way, and a new decision follows from it.
 */
export async function unlessOvertaken(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ApiError && (error.isNotFound || error.isConflict))) throw error;
  }
}
