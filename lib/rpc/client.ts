/** Calls one bitcoind. */

import { type Clock, deadline, isAbort, systemClock } from "../time/mod.ts";
import { readAnswer } from "./_answer.ts";
import { encodeBase64 } from "./_base64.ts";
import { readBatch, readResponse, type RpcCall, type RpcOutcome, toRequest } from "./batch.ts";
import {
  addNode,
  type AddNodeCommand,
  disconnectNode,
  generateToAddress,
  generateToDescriptor,
  GET_ADDED_NODE_INFO,
  GET_BLOCKCHAIN_INFO,
  GET_NETWORK_INFO,
  GET_PEER_INFO,
  getBlock,
  getBlockHash,
  submitBlock,
  type TypedCall,
  type TypedOutcomes,
} from "./calls.ts";
import { RpcError, RpcTransportError } from "./errors.ts";
import type { RpcObserver, RpcRequestOutcome } from "./observer.ts";
import type { AddedNodeInfo, BlockchainInfo, NetworkInfo, PeerInfo } from "./results.ts";

/** Time for a call unless another one is asked for, in ms: a healthy node answers within a few. */
const TIMEOUT_MS = 5_000;

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
  /**
   * Time source of the deadlines.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /** Hears of every request. */
  readonly observer?: RpcObserver;
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
  readonly #options: RpcClientOptions;

  /** Keeps what it needs; nothing is sent before the first call. */
  constructor(options: RpcClientOptions) {
    this.url = options.url;
    this.#options = options;
  }

  /** Calls any method; the result is as it came. */
  async call(
    method: string,
    params: readonly unknown[] = [],
    options: RpcCallOptions = {},
  ): Promise<unknown> {
    const [outcome] = await this.#exchange([method], async () => {
      const body = await this.#post(method, toRequest({ method, params }, 0), options);
      return [readResponse(method, body)];
    });
    if (outcome?.error) throw outcome.error;
    return outcome?.result;
  }

  /** Makes many calls in one request; how each ended, in their order. A call that fails does not fail the others. */
  async batch(calls: readonly RpcCall[], options: RpcCallOptions = {}): Promise<RpcOutcome[]> {
    if (calls.length === 0) return [];
    const methods = calls.map(({ method }) => method);
    return await this.#exchange(methods, async () => {
      const what = `batch of ${methods.join(", ")}`;
      return readBatch(calls, await this.#post(what, calls.map(toRequest), options));
    });
  }

  /** Like {@linkcode RpcClient.batch}, and checks the results: one of another shape is an error of that call. */
  async typedBatch<const C extends readonly TypedCall<unknown>[]>(
    calls: C,
    options: RpcCallOptions = {},
  ): Promise<TypedOutcomes<C>> {
    const outcomes = await this.batch(calls, options);
    const typed = outcomes.map((outcome, index) => checked(outcome, calls[index]));
    // As: `map` forgets that each outcome has the type of the call at its place.
    return typed as TypedOutcomes<C>;
  }

  /** State of the chain. */
  getBlockchainInfo(options?: RpcCallOptions): Promise<BlockchainInfo> {
    return this.#send(GET_BLOCKCHAIN_INFO, options);
  }

  /** State of the p2p part, and the version. */
  getNetworkInfo(options?: RpcCallOptions): Promise<NetworkInfo> {
    return this.#send(GET_NETWORK_INFO, options);
  }

  /** All connections. */
  getPeerInfo(options?: RpcCallOptions): Promise<readonly PeerInfo[]> {
    return this.#send(GET_PEER_INFO, options);
  }

  /** The added list. */
  getAddedNodeInfo(options?: RpcCallOptions): Promise<readonly AddedNodeInfo[]> {
    return this.#send(GET_ADDED_NODE_INFO, options);
  }

  /**
   * Adds `node` to the list, removes it from there, or dials it once.
   *
   * `onetry` answers when the attempt is over, after up to 5 s for each address of a name: give it the time.
   */
  async addNode(node: string, command: AddNodeCommand, options?: RpcCallOptions): Promise<void> {
    await this.#send(addNode(node, command), options);
  }

  /** Ends the connection with the number `id`. */
  async disconnectNode(id: number, options?: RpcCallOptions): Promise<void> {
    await this.#send(disconnectNode(id), options);
  }

  /** The hash of the block at a height of the node's best chain. */
  getBlockHash(height: number, options?: RpcCallOptions): Promise<string> {
    return this.#send(getBlockHash(height), options);
  }

  /** A block as hexadecimal text. */
  getBlock(hash: string, options?: RpcCallOptions): Promise<string> {
    return this.#send(getBlock(hash), options);
  }

  /** Hands a block to the node, as hexadecimal text; returns null, or why it was not taken (BIP 22). */
  submitBlock(block: string, options?: RpcCallOptions): Promise<string | null> {
    return this.#send(submitBlock(block), options);
  }

  /** Mines `blocks` blocks that pay to `address`; returns their hashes. Takes about 1 ms a block. */
  generateToAddress(
    blocks: number,
    address: string,
    options?: RpcCallOptions,
  ): Promise<readonly string[]> {
    return this.#send(generateToAddress(blocks, address), options);
  }

  /** Mines `blocks` blocks that pay to `descriptor`; returns their hashes. Takes about 1 ms a block. */
  generateToDescriptor(
    blocks: number,
    descriptor: string,
    options?: RpcCallOptions,
  ): Promise<readonly string[]> {
    return this.#send(generateToDescriptor(blocks, descriptor), options);
  }

  async #send<T>({ method, params, read }: TypedCall<T>, options?: RpcCallOptions): Promise<T> {
    return read(await this.call(method, params, options));
  }

  /** Makes one request and tells the observer how it went. */
  async #exchange(
    methods: readonly string[],
    send: () => Promise<RpcOutcome[]>,
  ): Promise<RpcOutcome[]> {
    const { observer, clock = systemClock } = this.#options;
    if (!observer) return await send();
    const start = clock.monotonic();
    const tell = (outcome: RpcRequestOutcome): void =>
      observer.exchanged({ methods, outcome, tookMs: clock.monotonic() - start });
    try {
      const outcomes = await send();
      tell(outcomeOf(outcomes.find(({ error }) => error)?.error));
      return outcomes;
    } catch (error) {
      tell(outcomeOf(error));
      throw error;
    }
  }

  /** Sends one body and returns the JSON of the answer, whatever its HTTP status. */
  async #post(
    what: string,
    body: unknown,
    { signal, timeoutMs }: RpcCallOptions,
  ): Promise<unknown> {
    const { url, username, password } = this.#options;
    const { fetch = globalThis.fetch, clock = systemClock } = this.#options;
    const where = `${what} at ${url}`;
    using limit = deadline(timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS, signal, clock);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: {
          "authorization": `Basic ${encodeBase64(`${username}:${password}`)}`,
          "content-type": "application/json",
          // A connection for each of thousands of nodes, kept for the next poll, takes more memory than all else.
          "connection": "close",
        },
        body: JSON.stringify(body),
        // bitcoind sends nobody anywhere; whoever does is not bitcoind.
        redirect: "manual",
        signal: limit.signal,
      });
      text = await response.text();
    } catch (cause) {
      if (isAbort(cause, signal)) throw signal?.reason;
      const kind = limit.signal.aborted ? "timeout" : "unreachable";
      // fetch itself only says that it failed.
      const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
      const reason = inner instanceof Error ? inner.message : String(inner);
      throw new RpcTransportError(kind, `Cannot call ${where}: ${reason}`, { cause });
    }
    return readAnswer(where, response.status, text);
  }
}

/** How a request ended, by the first error in it; undefined if there is none. */
function outcomeOf(error: unknown): RpcRequestOutcome {
  if (error === undefined) return "success";
  if (error instanceof RpcError) return "refused";
  // Whatever else is thrown is the reason of the caller's abort.
  return error instanceof RpcTransportError ? error.kind : "aborted";
}

function checked(outcome: RpcOutcome, call: TypedCall<unknown> | undefined): RpcOutcome {
  if (outcome.error || !call) return outcome;
  try {
    return { result: call.read(outcome.result) };
  } catch (error) {
    if (error instanceof RpcTransportError) return { error };
    throw error;
  }
}
