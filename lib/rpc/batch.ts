/** Requests and responses of JSON-RPC as bitcoind speaks it. Pure. */

import { RPC_INVALID_REQUEST, RpcError, RpcTransportError } from "./errors.ts";

/** One method with its arguments. */
export interface RpcCall {
  /** Name of the method. */
  readonly method: string;
  /** Its arguments by position. */
  readonly params?: readonly unknown[];
}

/** How one call of a batch ended. */
export type RpcOutcome =
  | { readonly result: unknown; readonly error?: undefined }
  | { readonly error: RpcError };

/** One call on the wire. The marker is the string "2.0": Core 28 and later refuse a number, and earlier ones ignore it. */
interface WireRequest {
  readonly jsonrpc: "2.0";
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What is sent for a call; `id` is its place in the batch. */
export function toRequest({ method, params = [] }: RpcCall, id: number): WireRequest {
  return { jsonrpc: "2.0", id, method, params };
}

/**
 * How one call ended, from the response to it. Both styles are read: up to Core 27 a response has `result` and
 * `error`, one of them null; with 2.0 it has only one of them.
 *
 * @throws {RpcTransportError} if the response is no JSON-RPC
 */
export function readResponse(method: string, response: unknown): RpcOutcome {
  if (typeof response !== "object" || response === null) {
    throw new RpcTransportError(
      "malformed",
      `Cannot read the response to ${method}: it is no object`,
    );
  }
  if ("error" in response && response.error !== null && response.error !== undefined) {
    return { error: readError(method, response.error) };
  }
  if (!("result" in response)) {
    throw new RpcTransportError(
      "malformed",
      `Cannot read the response to ${method}: it has neither result nor error`,
    );
  }
  return { result: response.result };
}

/**
 * How the calls of a batch ended, in the order of the calls, whatever the order of the responses.
 *
 * @throws {RpcTransportError} if the body is no list, or lacks the response to a call
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
  return calls.map(({ method }, id) => {
    if (!byId.has(id)) {
      throw new RpcTransportError(
        "malformed",
        `Cannot read the response to a batch: ${method} has none`,
      );
    }
    return readResponse(method, byId.get(id));
  });
}

function readError(method: string, error: unknown): RpcError {
  const { code, message } = typeof error === "object" && error !== null
    ? { code: undefined, message: undefined, ...error }
    : { code: undefined, message: error };
  return new RpcError(
    method,
    typeof code === "number" ? code : RPC_INVALID_REQUEST,
    typeof message === "string" ? message : "no message",
  );
}
