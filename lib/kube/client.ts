/** The client of one API server: enter here. */

import { getLogger } from "@logtape/logtape";

import { type Clock, deadline, systemClock } from "../time/mod.ts";
import { describe, failureOf, queryString, readAnswer } from "./_exchange.ts";
import { observed, type ObservedClient } from "./_observed.ts";
import { retryDelayMs } from "./_retry.ts";
import { errorOfResponse } from "./_status.ts";
import { WarningFilter } from "./_warnings.ts";
import type { Connection } from "./connection.ts";
import { ConfigError, TransportError } from "./errors.ts";
import { ResourceHandle } from "./handle.ts";
import type { KubeObject } from "./object.ts";
import type { RequestObserver } from "./observer.ts";
import type { ApiRequest, ByteStream, FetchLike, Requester } from "./request.ts";
import type { ResourceType } from "./resource.ts";
import { TlsMaterial } from "./tls.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

/** Time for a request with its retries, in ms: half of what kube-apiserver allows itself (`--request-timeout`). */
const DEFAULT_TIMEOUT_MS = 30_000;

/** How a {@linkcode KubeClient} behaves. */
export interface KubeClientOptions {
  /**
   * Sends HTTP requests.
   *
   * @default {fetch}
   */
  readonly fetch?: FetchLike;
  /**
   * Time source for retries.
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
}

/** Talks to one API server. Nothing happens before the first request. */
export class KubeClient implements Requester, Disposable {
  /** The connection it was made for. */
  readonly connection: Connection;
  readonly #fetch: FetchLike;
  readonly #clock: Clock;
  readonly #userAgent: string;
  readonly #timeoutMs: number;
  readonly #beforeSend: ((request: ApiRequest) => void) | undefined;
  readonly #observed: ObservedClient;
  readonly #warnings = new WarningFilter();
  #http: Deno.HttpClient | undefined;

  /** Keeps the connection; certificates are loaded with the first request. */
  constructor(connection: Connection, options: KubeClientOptions = {}) {
    this.connection = connection;
    this.#fetch = options.fetch ?? fetch;
    this.#clock = options.clock ?? systemClock;
    this.#userAgent = `${options.userAgent ?? "kube-client"} (${Deno.build.os}/${Deno.build.arch})`;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#beforeSend = options.beforeSend;
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
    this.#http?.close();
    this.#http = undefined;
  }

  /** Same as {@linkcode KubeClient.close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #send(request: ApiRequest, signal: AbortSignal): Promise<Response> {
    const { credentials } = this.connection;
    const authorization = await credentials?.authorization();
    this.#beforeSend?.(request);
    const response = await observed(
      this.#observed,
      request,
      () => this.#exchange(request, authorization, signal),
    );
    for (const warning of this.#warnings.fresh(response.headers.get("warning"))) {
      log.warn("The API server warns", { warning, path: request.path });
    }
    if (response.ok) return response;
    if (response.status === 401 && authorization) credentials?.rejected(authorization);
    throw await errorOfResponse(response, describe(request));
  }

  async #exchange(
    request: ApiRequest,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const { method = "GET", body, contentType = "application/json" } = request;
    const client = this.#httpClient();
    try {
      return await this.#fetch(this.connection.server + request.path + queryString(request), {
        method,
        headers: {
          accept: "application/json",
          "user-agent": this.#userAgent,
          ...(authorization && { authorization }),
          ...(body !== undefined && { "content-type": contentType }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(client && { client }),
        // A redirect would carry our credentials elsewhere; as it stands it is an error.
        redirect: "manual",
        signal,
      });
    } catch (error) {
      throw failureOf(request, error);
    }
  }

  /** A client of our own, so that its connections can be closed; with plain HTTP an abort closes them. */
  #httpClient(): Deno.HttpClient | undefined {
    const { tls = new TlsMaterial({}), server, description } = this.connection;
    if (!server.startsWith("https:")) return undefined;
    try {
      return this.#http ??= tls.createHttpClient();
    } catch (cause) {
      throw new ConfigError(`Cannot use the certificates of ${description}: ${String(cause)}`, {
        cause,
      });
    }
  }

  /**
   * A deadline that passes may mean that the connection is dead: HTTP/2 puts all requests on one, and nothing else
   * would ever close it. What is under way on the old one keeps it until it ends.
   */
  #afterFailure(error: unknown): void {
    if (error instanceof TransportError && error.timedOut) this.close();
  }
}
