/** What somebody who counts and measures may hear of requests and watches. */

import type { Method, Operation } from "./request.ts";

/** One HTTP exchange that is over: a request that is sent again is another one. */
export interface Exchange {
  /** HTTP method. */
  readonly method: Method;
  /** Host and port of the server. */
  readonly host: string;
  /** What was asked, in the words of RBAC; absent for what is no resource, such as `/version`. */
  readonly operation: Operation | undefined;
  /** HTTP status; undefined if there was no answer. */
  readonly status: number | undefined;
  /** Time until the headers of the answer or the failure, in ms. */
  readonly tookMs: number;
}

/** Hears of every request of a client. It only takes note: it does not wait and does not throw. */
export interface RequestObserver {
  /** An exchange is over. */
  exchanged(exchange: Exchange): void;
}

/**
 * Why a list or a watch is begun anew:
 *
 * - `ended`: the server ended the watch in good order, as it does every few minutes
 * - `empty`: the watch ended at once and brought nothing
 * - `silent`: nothing came for so long that the connection must be dead
 * - `lost`: there was no answer, or it was cut off
 * - `expired`: the server has forgotten our version, or has not reached it: list again
 * - `busy`: the server asked for patience
 * - `refused`: it does not know or does not let us (401, 403, 404)
 * - `failed`: anything else
 */
export type WatchRestart =
  | "ended"
  | "empty"
  | "silent"
  | "lost"
  | "expired"
  | "busy"
  | "refused"
  | "failed";

/** Hears of the watches of informers; under the same terms as a {@linkcode RequestObserver}. */
export interface WatchObserver {
  /** What follows `resource`, a kind in the plural, begins anew. */
  restarted(resource: string, why: WatchRestart): void;
}
