/** Requests about what may not be there. */

import { ApiError } from "./errors.ts";

/** What a request answers; undefined if what it is about is not there. */
export async function ifFound<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return undefined;
    throw error;
  }
}
