/** What somebody who counts and measures may hear of calls. */

import type { RpcTransportErrorKind } from "./errors.ts";

/**
 * How a request ended:
 *
 * - `success`: every call in it has a result
 * - `refused`: bitcoind refused a call in it
 * - `aborted`: the caller gave up
 * - any other: there is no answer that could be read, see {@linkcode RpcTransportErrorKind}
 */
export type RpcRequestOutcome = "success" | "refused" | "aborted" | RpcTransportErrorKind;

/** One request that is over. */
export interface RpcExchange {
  /** The methods that were called, in order: several in a batch. */
  readonly methods: readonly string[];
  /** How it ended. */
  readonly outcome: RpcRequestOutcome;
  /** How long it took, in ms. */
  readonly tookMs: number;
}

/** Hears of every request of a client. It only takes note: it does not wait and does not throw. */
export interface RpcObserver {
  /** A request is over. */
  exchanged(exchange: RpcExchange): void;
}
