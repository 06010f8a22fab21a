/** The client of one API server: enter here. */

import { getLogger } from "@logtape/logtape";

import { type Clock, deadline, systemClock } from "../time/mod.ts";
import { describe, failureOf, queryString, readAnswer } from "./_exchange.ts";
import { observed, type ObservedClient } from "./_observed.ts";
import { Reachability } from "./_reachability.ts";
import { retryDelayMs } from "./_retry.ts";
import { errorOfResponse } from "./_status.ts";
import { type Channel, Transport } from "./_transport.ts";
import { WarningFilter } from "./_warnings.ts";
import type { ClockCheck } from "./clock_check.ts";
import type { Connection } from "./connection.ts";
import { TransportError } from "./errors.ts";
import { ResourceHandle } from "./handle.ts";
import { impersonationHeaders } from "./impersonation.ts";
import type { KubeObject } from "./object.ts";
import type { RequestObserver } from "./observer.ts";
import type { ApiRequest, ByteStream, FetchLike, Requester } from "./request.ts";
import type { ResourceType } from "./resource.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

/** Time for a request with its retries, in ms: half of what kube-apiserver allows itself (`--request-timeout`). */
const DEFAULT_TIMEOUT_MS = 30_000;

/** How a {@linkcode KubeClient} behaves. */
export interface KubeClientOptions {
  /**
   * Sends all HTTP requests.
   *
   * @default {fetch, or where that cannot do what the connection asks for, undici}
   */
  readonly fetch?: FetchLike;
  /**
   * Time source for retries and measurements. The deadline of an attempt is in real time, as the network is.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * `User-Agent` of every request; the operating system is added to it.
   *
   * @default {"kube-client"}
   */
  readonly userAgent?: string;
  /**
   * Time for a request with its retries, in ms.
   *
   * @default {30_000}
   */
  readonly timeoutMs?: number;
  /**
   * Called at the moment when a request is sent, retries included, with nothing in between that could take time. What
   * it throws is thrown in place of sending; see {@linkcode writesOnlyWhile}.
   */
  readonly beforeSend?: ((request: ApiRequest) => void) | undefined;
  /** Hears of every request. */
  readonly observer?: RequestObserver | undefined;
  /** Is told the time of the server with every answer; one for all clients of a server, or each would warn. */
  readonly clockCheck?: ClockCheck | undefined;
}

/** Talks to one API server. Nothing happens before the first request. */
export class KubeClient implements Requester, Disposable {
  /** The connection it was made for. */
  readonly connection: Connection;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #userAgent: string;
  readonly #timeoutMs: number;
  readonly #beforeSend: ((request: ApiRequest) => void) | undefined;
  readonly #observed: ObservedClient;
  readonly #warnings = new WarningFilter();
  readonly #reachability: Reachability;
  readonly #clockCheck: ClockCheck | undefined;

  /** Keeps the connection; certificates are loaded with the first request. */
  constructor(connection: Connection, options: KubeClientOptions = {}) {
    this.connection = connection;
    this.#reachability = new Reachability(connection.description);
    this.#transport = new Transport(connection, options.fetch);
    this.#clock = options.clock ?? systemClock;
    this.#userAgent = `${options.userAgent ?? "kube-client"} (${Deno.build.os}/${Deno.build.arch})`;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#beforeSend = options.beforeSend;
    this.#clockCheck = options.clockCheck;
    const { observer } = options;
    this.#observed = { observer, server: connection.server, clock: this.#clock };
  }

  /** The calls for one kind: within one namespace, or across all of them. */
  resource<T extends KubeObject>(type: ResourceType<T>, namespace?: string): ResourceHandle<T> {
    return new ResourceHandle(this, type, namespace);
  }

  /**
   * Sends a request, retries it where that is safe, and returns the parsed JSON, or the text if the answer is not JSON.
   *
   * @throws {ApiError} if the server answers with an error
   * @throws {TransportError} if there is no usable answer in time
   */
  async request(request: ApiRequest): Promise<unknown> {
    const { method = "GET", path, signal, timeoutMs = this.#timeoutMs } = request;
    await this.#prepare(signal);
    const end = this.#clock.monotonic() + timeoutMs;
    for (let attempt = 1;; attempt++) {
      try {
        using limit = deadline(end - this.#clock.monotonic(), signal);
        const response = await this.#send(request, limit.signal);
        return await readAnswer(request, response);
      } catch (error) {
        this.#afterFailure(error);
        const leftMs = end - this.#clock.monotonic();
        const delayMs = retryDelayMs({ method, attempt, leftMs, error });
        if (delayMs === undefined) throw error;
        log.debug("Sending a request again", { method, path, attempt, delayMs, error });
        await this.#clock.sleep(delayMs, signal);
      }
    }
  }

  /**
   * Sends a request once and returns the body as it comes in. The deadline and the signal end with the headers:
   * whoever reads the body cancels it.
   *
   * @throws {ApiError} if the server answers with an error
   * @throws {TransportError} if there is no answer in time
   */
  async stream(request: ApiRequest): Promise<ByteStream> {
    const { signal, timeoutMs = this.#timeoutMs } = request;
    await this.#prepare(signal);
    using limit = deadline(timeoutMs, signal);
    try {
      const { body } = await this.#send(request, limit.signal);
      return body ?? new Blob().stream();
    } catch (error) {
      this.#afterFailure(error);
      throw error;
    }
  }

  /** Closes connections that are idle; the next request opens new ones. */
  close(): void {
    this.#transport.close();
  }

  /** Same as {@linkcode KubeClient.close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** A credential plugin may ask a person, which takes the time it takes: it is done before a request's time begins. */
  async #prepare(signal: AbortSignal | undefined): Promise<void> {
    await this.connection.credentials?.authorization(signal);
    await this.#transport.channel(signal);
  }

  async #send(request: ApiRequest, signal: AbortSignal): Promise<Response> {
    const { credentials } = this.connection;
    const authorization = await credentials?.authorization(request.signal);
    const channel = await this.#transport.channel(request.signal);
    const sentAtMs = this.#clock.now();
    const response = await this.#exchange(channel, request, authorization, signal);
    const monotonicMs = this.#clock.monotonic();
    this.#reachability.answered(monotonicMs);
    this.#clockCheck?.answered(this.connection.description, response.headers.get("date"), {
      sentAtMs,
      receivedAtMs: this.#clock.now(),
      monotonicMs,
    });
    for (const warning of this.#warnings.fresh(response.headers.get("warning"))) {
      log.warn("The API server warns", { warning, path: request.path });
    }
    if (response.ok) return response;
    if (response.status === 401) {
      if (authorization) credentials?.rejected(authorization);
      this.#transport.rejected(channel, "unauthorized");
    }
    throw await errorOfResponse(response, describe(request));
  }

  async #exchange(
    channel: Channel,
    request: ApiRequest,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const args = this.#fetchArguments(request, authorization, signal);
    this.#beforeSend?.(request);
    try {
      return await observed(this.#observed, request, () => channel.fetch(...args));
    } catch (error) {
      const failure = failureOf(request, error, channel.material.trusted);
      if (failure instanceof TransportError) {
        this.#reachability.lost(failure, this.#clock.monotonic());
        if (!failure.timedOut) this.#transport.rejected(channel, "unreachable");
      }
      throw failure;
    }
  }

  #fetchArguments(
    request: ApiRequest,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Parameters<FetchLike> {
    const { method = "GET", body, contentType = "application/json" } = request;
    const { server, impersonation, disableCompression } = this.connection;
    const headers: [name: string, value: string][] = [
      ["accept", "application/json"],
      ["user-agent", this.#userAgent],
    ];
    if (disableCompression) headers.push(["accept-encoding", "identity"]);
    if (authorization) headers.push(["authorization", authorization]);
    if (impersonation) headers.push(...impersonationHeaders(impersonation));
    if (body !== undefined) headers.push(["content-type", contentType]);
    return [server + request.path + queryString(request), {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A redirect would carry our credentials elsewhere; as it stands it is an error.
      redirect: "manual",
      signal,
    }];
  }

  /**
   * A deadline that passes may mean that connections are dead, and nothing else would ever close them: the next request
   * opens a new one. What is under way on an old one keeps it until it ends.
   */
  #afterFailure(error: unknown): void {
    if (error instanceof TransportError && error.timedOut) this.close();
  }
}
