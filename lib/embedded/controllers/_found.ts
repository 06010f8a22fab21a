/** Reads of what may be gone by now. */

import { ApiError } from "../../kube/mod.ts";

/** What a read answers; undefined if what it asks for is not there. */
export async function ifFound<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return undefined;
    throw error;
  }
}
