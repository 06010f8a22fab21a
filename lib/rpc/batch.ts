/** Requests and responses of JSON-RPC as bitcoind speaks it. Pure. */

import { RpcError, RpcTransportError } from "./errors.ts";

/** One method with its arguments. */
export interface RpcCall {
  /** Name of the method. */
  readonly method: string;
  /** Its arguments by position. */
  readonly params?: readonly unknown[];
}

/** How one call of a batch ended. */
export type RpcOutcome<T = unknown> =
  | {
    /** What the call returned. */
    readonly result: T;
    /** Absent: the call succeeded. */
    readonly error?: undefined;
  }
  | {
    /** bitcoind refused this call, or there is no readable response to it. */
    readonly error: RpcError | RpcTransportError;
  };

/** One call on the wire. The marker is the string "2.0": Core 28 and later refuse a number, and earlier ones ignore it. */
export interface RpcRequest {
  /** Version of the protocol. */
  readonly jsonrpc: "2.0";
  /** Place of the call in its batch. */
  readonly id: number;
  /** Name of the method. */
  readonly method: string;
  /** Its arguments by position. */
  readonly params: readonly unknown[];
}

/** What is sent for a call; `id` is its place in the batch. */
export function toRequest({ method, params = [] }: RpcCall, id: number): RpcRequest {
  return { jsonrpc: "2.0", id, method, params };
}

/**
 * How one call ended, from the response to it. Both styles are read: up to Core 27 a response has `result` and
 * `error`, one of them null; with 2.0 it has only one of them.
 */
export function readResponse(method: string, response: unknown): RpcOutcome {
  if (typeof response !== "object" || response === null || Array.isArray(response)) {
    return unreadable(method, "it is no object");
  }
  if ("error" in response && response.error !== null && response.error !== undefined) {
    return readError(method, response.error);
  }
  if (!("result" in response)) return unreadable(method, "it has neither result nor error");
  return { result: response.result };
}

/**
 * How the calls of a batch ended, in the order of the calls, whatever the order of the responses. A call whose
 * response is missing has failed; the others have not.
 *
 * @throws {RpcTransportError} if the body is no list
 * @throws {RpcError} if bitcoind refused the batch as a whole
 */
export function readBatch(calls: readonly RpcCall[], body: unknown): RpcOutcome[] {
  if (!Array.isArray(body)) {
    const { error } = readResponse("batch", body);
    throw error ??
      new RpcTransportError("malformed", "Cannot read the response to a batch: it is no list");
  }
  const byId = new Map<unknown, unknown>();
  for (const response of body) {
    if (typeof response === "object" && response !== null) byId.set(response.id, response);
  }
  return calls.map(({ method }, id) =>
    byId.has(id)
      ? readResponse(method, byId.get(id))
      : unreadable(method, "there is none in the batch")
  );
}

function readError(method: string, error: unknown): RpcOutcome {
  if (
    typeof error === "object" && error !== null &&
    "code" in error && typeof error.code === "number" &&
    "message" in error && typeof error.message === "string"
  ) return { error: new RpcError(method, error.code, error.message) };
  return unreadable(method, "its error has no code or no message");
}

function unreadable(method: string, why: string): RpcOutcome {
  const message = `Cannot read the response to ${method}: ${why}`;
  return { error: new RpcTransportError("malformed", message) };
}
