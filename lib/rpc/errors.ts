/** The two ways in which a call fails: bitcoind says no, or there is no answer to read. */

// Codes of Bitcoin Core, src/rpc/protocol.h.

/** The command failed, or was used in a wrong way. */
export const RPC_MISC_ERROR: number = -1;
/** An argument has the wrong type. */
export const RPC_TYPE_ERROR: number = -3;
/** An address, a descriptor or a hash is not valid, or is not known. */
export const RPC_INVALID_ADDRESS_OR_KEY: number = -5;
/** An argument is out of range or unknown. */
export const RPC_INVALID_PARAMETER: number = -8;
/** `addnode add` of a node that is in the list already. */
export const RPC_CLIENT_NODE_ALREADY_ADDED: number = -23;
/** `addnode remove` of a node that is not in the list. */
export const RPC_CLIENT_NODE_NOT_ADDED: number = -24;
/** bitcoind is still starting. */
export const RPC_IN_WARMUP: number = -28;
/** `disconnectnode` of a peer that is not connected. */
export const RPC_CLIENT_NODE_NOT_CONNECTED: number = -29;
/** The request is JSON, but no JSON-RPC. */
export const RPC_INVALID_REQUEST: number = -32600;
/** There is no such method in this version. */
export const RPC_METHOD_NOT_FOUND: number = -32601;
/** The arguments contradict each other. */
export const RPC_INVALID_PARAMS: number = -32602;
/** The request is no JSON. */
export const RPC_PARSE_ERROR: number = -32700;

/** bitcoind understood a call and refused it. */
export class RpcError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "RpcError";
  /** One of bitcoind's codes, such as {@linkcode RPC_IN_WARMUP}. */
  readonly code: number;
  /** The method that was called. */
  readonly method: string;

  /** Keeps what bitcoind said about a call of `method`. */
  constructor(method: string, code: number, said: string) {
    super(`Cannot call ${method}: ${said} (code ${code})`);
    this.code = code;
    this.method = method;
  }

  /** The node to add is in the list already: what was asked for holds. */
  get isNodeAlreadyAdded(): boolean {
    return this.code === RPC_CLIENT_NODE_ALREADY_ADDED;
  }

  /** The node to remove is not in the list: what was asked for holds. */
  get isNodeNotAdded(): boolean {
    return this.code === RPC_CLIENT_NODE_NOT_ADDED;
  }

  /** bitcoind is still starting: ask again soon. */
  get isWarmingUp(): boolean {
    return this.code === RPC_IN_WARMUP;
  }

  /** The peer to disconnect is gone: what was asked for holds. */
  get isNodeNotConnected(): boolean {
    return this.code === RPC_CLIENT_NODE_NOT_CONNECTED;
  }

  /** This bitcoind does not know the method. */
  get isMethodNotFound(): boolean {
    return this.code === RPC_METHOD_NOT_FOUND;
  }
}

/**
 * Why there is no answer:
 *
 * - `unauthorized`: user or password are wrong (401)
 * - `forbidden`: this address or this method is not allowed (403)
 * - `overloaded`: the work queue is full (503)
 * - `timeout`: no answer within the deadline
 * - `unreachable`: no connection, or it broke
 * - `malformed`: an answer that is no JSON-RPC, or whose result has another shape than expected
 */
export type RpcTransportErrorKind =
  | "unauthorized"
  | "forbidden"
  | "overloaded"
  | "timeout"
  | "unreachable"
  | "malformed";

/** What else is known of an {@linkcode RpcTransportError}. */
export interface RpcTransportErrorOptions extends ErrorOptions {
  /** HTTP status, if there was one. */
  readonly status?: number;
}

/** There is no answer of bitcoind that could be read. */
export class RpcTransportError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "RpcTransportError";
  /** Why. */
  readonly kind: RpcTransportErrorKind;
  /** HTTP status, if there was one. */
  readonly status: number | undefined;

  /** Says what happened; `cause` is the error behind it. */
  constructor(
    kind: RpcTransportErrorKind,
    message: string,
    options: RpcTransportErrorOptions = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.status = options.status;
  }
}
