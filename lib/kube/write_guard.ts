/** Keeps writes from being sent by somebody who may not write any more. */

import { describe } from "./_exchange.ts";
import { TransportError } from "./errors.ts";
import type { ApiRequest } from "./request.ts";

/**
 * For `beforeSend` of a client: lets reads pass at any time, and everything else only while `mayWrite` returns true.
 *
 * As it is asked at the moment of sending, it also holds for whoever was asleep since the write was decided: a process
 * that was stopped and goes on, a retry, a worker that does not heed its signal.
 *
 * @returns a function that throws a {@linkcode TransportError}: there is no answer, for nothing was sent
 */
export function writesOnlyWhile(mayWrite: () => boolean): (request: ApiRequest) => void {
  return (request) => {
    const isRead = (request.method ?? "GET") === "GET";
    if (isRead || mayWrite()) return;
    throw new TransportError(`Cannot ${describe(request)}: this replica is not the leader`);
  };
}
