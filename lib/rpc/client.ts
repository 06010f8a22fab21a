/** Calls one bitcoind. */

import { encodeBase64 } from "./_base64.ts";
import { deadline, isAbort } from "../time/mod.ts";
import { readBatch, readResponse, type RpcCall, type RpcOutcome, toRequest } from "./batch.ts";
import { RpcTransportError } from "./errors.ts";
import {
  type AddedNodeInfo,
  type BlockchainInfo,
  type NetworkInfo,
  type PeerInfo,
  readAddedNodeInfo,
  readBlockchainInfo,
  readHashes,
  readNetworkInfo,
  readNothing,
  readPeerInfo,
} from "./results.ts";

/** The part of `fetch` that is used; tests pass their own. */
export type RpcFetch = (url: string, init: RequestInit) => Promise<Response>;

/** Which bitcoind, and as whom. */
export interface RpcClientOptions {
  /** URL of its RPC; see {@linkcode rpcUrl}. */
  readonly url: string;
  /** User of `rpcauth`. */
  readonly username: string;
  /** Password of that user; it is in no error and no log. */
  readonly password: string;
  /**
   * Time for a call, in ms.
   *
   * @default {5_000}
   */
  readonly timeoutMs?: number;
  /**
   * How requests are made.
   *
   * @default {fetch}
   */
  readonly fetch?: RpcFetch;
}

/** Options of one call. */
export interface RpcCallOptions {
  /** Gives up with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Time for this call, in ms; that of the client if absent. */
  readonly timeoutMs?: number;
}

/**
 * A client of one bitcoind: each call, and each batch, is one POST.
 *
 * A call that bitcoind refuses throws an `RpcError`; one without a readable answer an `RpcTransportError`;
 * one whose signal is aborted the signal's reason.
 */
export class RpcClient {
  /** URL of the RPC. */
  readonly url: string;
  readonly #authorization: string;
  readonly #timeoutMs: number;
  readonly #fetch: RpcFetch;

  /** Keeps what it needs; nothing is sent before the first call. */
  constructor(options: RpcClientOptions) {
    this.url = options.url;
    this.#authorization = `Basic ${encodeBase64(`${options.username}:${options.password}`)}`;
    this.#timeoutMs = options.timeoutMs ?? 5_000;
    this.#fetch = options.fetch ?? fetch;
  }

  /** Calls any method; the result is as it came. */
  async call(
    method: string,
    params: readonly unknown[] = [],
    options: RpcCallOptions = {},
  ): Promise<unknown> {
    const body = await this.#post(method, toRequest({ method, params }, 0), options);
    const { result, error } = { result: undefined, ...readResponse(method, body) };
    if (error) throw error;
    return result;
  }

  /** Makes many calls in one request; how each ended, in their order. A call that is refused does not fail the others. */
  async batch(calls: readonly RpcCall[], options: RpcCallOptions = {}): Promise<RpcOutcome[]> {
    if (calls.length === 0) return [];
    const what = `batch of ${calls.map(({ method }) => method).join(", ")}`;
    return readBatch(calls, await this.#post(what, calls.map(toRequest), options));
  }

  /** State of the chain. */
  async getBlockchainInfo(options?: RpcCallOptions): Promise<BlockchainInfo> {
    return readBlockchainInfo(await this.call("getblockchaininfo", [], options));
  }

  /** State of the p2p part, and the version. */
  async getNetworkInfo(options?: RpcCallOptions): Promise<NetworkInfo> {
    return readNetworkInfo(await this.call("getnetworkinfo", [], options));
  }

  /** All connections. */
  async getPeerInfo(options?: RpcCallOptions): Promise<readonly PeerInfo[]> {
    return readPeerInfo(await this.call("getpeerinfo", [], options));
  }

  /** The added list. */
  async getAddedNodeInfo(options?: RpcCallOptions): Promise<readonly AddedNodeInfo[]> {
    return readAddedNodeInfo(await this.call("getaddednodeinfo", [], options));
  }

  /**
   * Adds `node` to the list, removes it from there, or dials it once.
   *
   * `onetry` answers when the attempt is over, which may take longer than a call usually does.
   */
  async addNode(
    node: string,
    command: "add" | "remove" | "onetry",
    options?: RpcCallOptions,
  ): Promise<void> {
    readNothing(await this.call("addnode", [node, command], options));
  }

  /** Ends the connection with the number `id`. */
  async disconnectNode(id: number, options?: RpcCallOptions): Promise<void> {
    readNothing(await this.call("disconnectnode", ["", id], options));
  }

  /** Mines `blocks` blocks that pay to `descriptor`; returns their hashes. */
  async generateToDescriptor(
    blocks: number,
    descriptor: string,
    options?: RpcCallOptions,
  ): Promise<readonly string[]> {
    return readHashes(await this.call("generatetodescriptor", [blocks, descriptor], options));
  }

  /** Sends one body and returns the JSON of the answer, whatever its HTTP status. */
  async #post(what: string, body: unknown, options: RpcCallOptions): Promise<unknown> {
    using limit = deadline(options.timeoutMs ?? this.#timeoutMs, options.signal);
    let response: Response;
    let text: string;
    try {
      response = await this.#fetch(this.url, {
        method: "POST",
        headers: { "authorization": this.#authorization, "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: limit.signal,
      });
      text = await response.text();
    } catch (error) {
      if (isAbort(error, options.signal)) throw options.signal?.reason;
      const kind = limit.signal.aborted ? "timeout" : "unreachable";
      const message = error instanceof Error ? error.message : String(error);
      throw new RpcTransportError(kind, `Cannot call ${what} at ${this.url}: ${message}`, {
        cause: error,
      });
    }
    return this.#parse(what, response.status, text);
  }

  /** Old bitcoinds answer an error with JSON and status 404 or 500, so the body counts before the status. */
  #parse(what: string, status: number, text: string): unknown {
    if (/^\s*[[{]/.test(text)) {
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw new RpcTransportError(
          "malformed",
          `Cannot call ${what} at ${this.url}: the answer (HTTP ${status}) is no JSON`,
          { cause, status },
        );
      }
    }
    const said = text.trim().slice(0, 200);
    const problem = PROBLEMS[status] ??
      { kind: "malformed" as const, text: "the answer is no JSON" };
    throw new RpcTransportError(
      problem.kind,
      `Cannot call ${what} at ${this.url}: ${problem.text} (HTTP ${status})${
        said ? `: ${said}` : ""
      }`,
      { status },
    );
  }
}

/** What bitcoind means by a status without JSON (src/httprpc.cpp, src/httpserver.cpp). */
const PROBLEMS: Readonly<
  Record<number, { readonly kind: RpcTransportError["kind"]; readonly text: string }>
> = {
  401: { kind: "unauthorized", text: "user or password are wrong" },
  403: { kind: "forbidden", text: "this address or method is not allowed" },
  503: { kind: "overloaded", text: "it has too much to do" },
};
