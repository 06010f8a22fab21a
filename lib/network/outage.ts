/** Tells failures of the API server from those of a network. */

import { ApiError, TransportError } from "../kube/mod.ts";
import { messageOf } from "./_message_of.ts";

/** Whether a failure is the API server's own, and passes: it is away or busy, and that says nothing of any network. */
export function isOutage(error: unknown): boolean {
  if (error instanceof TransportError) return true;
  return error instanceof ApiError && (error.isTooManyRequests || error.status === 503);
}

/** What is to be said of a failure in a network's status: nothing of an outage. */
export function messageUnlessOutage(failure: unknown): string | undefined {
  return failure === undefined || isOutage(failure) ? undefined : messageOf(failure);
}
