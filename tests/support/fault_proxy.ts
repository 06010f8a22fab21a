/**
 * An HTTP proxy on the loopback, between a client and an API server, that breaks what it is told to break:
 * `proxy.fault(cutInsideLine(), { watch: true, times: 2 })`. The faults are in `fault_proxy_faults.ts`.
 */

import type { Connection } from "../../lib/kube/mod.ts";
import { readRequest, WireAnswer, type WireRequest } from "./fault_proxy_wire.ts";

/** One request of the client and the ways to answer it. */
export interface Exchange {
  /** What was asked. */
  readonly request: WireRequest;
  /** Takes the answer. */
  readonly answer: WireAnswer;
  /** Asks the API server; the request is cancelled when the client hangs up. */
  readonly forward: () => Promise<Response>;
}

/** Answers a request in its own way. It may leave the connection open; the proxy closes it in the end. */
export interface Fault {
  /** What goes wrong, in a few words. */
  readonly name: string;
  /** Answers. */
  readonly answer: (exchange: Exchange) => Promise<void>;
}

/** Which requests a fault hits. */
export interface Match {
  /** Only this HTTP method. */
  readonly method?: string;
  /** Only paths (with their query) that match. */
  readonly path?: RegExp;
  /** Only watches, or only what is none. */
  readonly watch?: boolean;
  /**
   * How many requests it hits.
   *
   * @default {1}
   */
  readonly times?: number;
}

/** A fault that waits for its requests. */
export interface PendingFault {
  /** How many requests it has hit. */
  readonly hits: number;
  /** Has it hit nothing more. */
  remove(): void;
}

/** A request that came through. */
export interface ProxiedRequest {
  /** HTTP method. */
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Whether it is a watch. */
  readonly watch: boolean;
  /** Name of the fault that hit it. */
  readonly fault: string | undefined;
}

interface Trap {
  readonly fault: Fault;
  readonly match: Match;
  hits: number;
}

/** Everything that is not hit by a fault goes through unchanged, the `Authorization` header too. */
export class FaultProxy implements AsyncDisposable {
  /** All requests so far. */
  readonly requests: ProxiedRequest[] = [];
  /** What went wrong in the proxy itself; it is thrown when it is disposed of. */
  readonly #mistakes: unknown[] = [];
  readonly #upstream: Connection;
  #http: Promise<Deno.HttpClient | undefined> | undefined;
  readonly #traps = new Set<Trap>();
  readonly #open = new Map<WireAnswer, WireRequest | undefined>();
  readonly #running = new Set<Promise<void>>();
  #listener: Deno.TcpListener;
  readonly #port: number;

  /** Starts listening, in front of the API server of a connection. */
  constructor(upstream: Connection) {
    this.#upstream = upstream;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#port = this.#listener.addr.port;
    this.#start(this.#accept(this.#listener));
  }

  /** The connection through the proxy, as the same user: plain HTTP. */
  get connection(): Connection {
    const { tls: _tls, ...rest } = this.#upstream;
    const server = `http://127.0.0.1:${this.#port}`;
    return { ...rest, server, description: `a fault proxy of ${rest.description}` };
  }

  /** Lets a fault hit the next requests that match; of several that match, the oldest counts. */
  fault(fault: Fault, match: Match = {}): PendingFault {
    const trap: Trap = { fault, match, hits: 0 };
    this.#traps.add(trap);
    return {
      get hits() {
        return trap.hits;
      },
      remove: () => void this.#traps.delete(trap),
    };
  }

  /** Removes all faults that wait. */
  heal(): void {
    this.#traps.clear();
  }

  /** Cuts what is under way: all of it, or only watches, or only what is none. */
  cut({ watch }: Pick<Match, "watch"> = {}): void {
    for (const [answer, request] of [...this.#open]) {
      if (watch === undefined || (request && isWatch(request) === watch)) answer.cut();
    }
  }

  /** Refuses connections, and cuts those there are, until {@linkcode FaultProxy.accept}. */
  refuse(): void {
    this.#listener.close();
    this.cut();
  }

  /** Accepts connections again, on the same port. */
  accept(): void {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: this.#port });
    this.#start(this.#accept(this.#listener));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#listener.close();
    } catch {
      // It refuses connections already.
    }
    this.cut();
    while (this.#running.size > 0) await Promise.all(this.#running);
    (await this.#http)?.close();
    if (this.#mistakes.length > 0) throw new AggregateError(this.#mistakes, "The proxy failed");
  }

  #start(work: Promise<void>): void {
    const running = work.finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #accept(listener: Deno.TcpListener): Promise<void> {
    try {
      for await (const connection of listener) this.#start(this.#serve(connection));
    } catch (error) {
      this.#mistakes.push(error);
    }
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    const answer = new WireAnswer(connection);
    this.#open.set(answer, undefined);
    try {
      const request = await readRequest(connection);
      if (!request) return;
      this.#open.set(answer, request);
      const hungUp = answer.watchForHangUp();
      try {
        await this.#treat(request, answer);
      } finally {
        answer.cut();
        await hungUp;
      }
    } catch (error) {
      // Whatever fails after the client has gone, or because it has, is its business.
      if (!answer.hungUp.aborted) this.#mistakes.push(error);
    } finally {
      answer.cut();
      this.#open.delete(answer);
    }
  }

  async #treat(request: WireRequest, answer: WireAnswer): Promise<void> {
    const { method, target } = request;
    const fault = this.#trapFor(request);
    this.requests.push({ method, target, watch: isWatch(request), fault: fault?.name });
    const forward = (): Promise<Response> => this.#forward(request, answer.hungUp);
    if (fault) {
      await fault.answer({ request, answer, forward });
      return;
    }
    let response: Response;
    try {
      response = await forward();
    } catch {
      // The API server cannot be reached, which looks the same from here.
      return;
    }
    await passOn(response, answer);
  }

  #trapFor(request: WireRequest): Fault | undefined {
    for (const trap of this.#traps) {
      const { method, path, watch, times = 1 } = trap.match;
      if (method !== undefined && method !== request.method) continue;
      if (watch !== undefined && watch !== isWatch(request)) continue;
      if (path && !path.test(request.target)) continue;
      trap.hits++;
      if (trap.hits >= times) this.#traps.delete(trap);
      return trap.fault;
    }
    return undefined;
  }

  async #forward(
    { method, target, headers, body }: WireRequest,
    signal: AbortSignal,
  ): Promise<Response> {
    const client = await (this.#http ??= this.#openHttp());
    const passed = new Headers(headers);
    for (const name of ["host", "connection", "content-length", "accept-encoding"]) {
      passed.delete(name);
    }
    return await fetch(this.#upstream.server + target, {
      method,
      headers: passed,
      redirect: "manual",
      signal,
      ...(body && { body }),
      ...(client && { client }),
    });
  }

  async #openHttp(): Promise<Deno.HttpClient | undefined> {
    return (await this.#upstream.tls?.current())?.createHttpClient();
  }
}

/** Hands an answer of the API server to the client, its pieces as they come; a broken one is broken for both. */
export async function passOn(response: Response, answer: WireAnswer): Promise<void> {
  await answer.head(response.status, headersOf(response));
  try {
    for await (const chunk of response.body ?? []) await answer.chunk(chunk);
  } catch {
    return answer.cut();
  }
  await answer.end();
}

/** The headers that go through: the body is sent anew, in chunks and not compressed. */
export function headersOf(response: Response): Record<string, string> {
  const headers = new Headers(response.headers);
  for (const name of ["content-length", "content-encoding", "transfer-encoding", "connection"]) {
    headers.delete(name);
  }
  return Object.fromEntries(headers);
}

function isWatch({ target }: WireRequest): boolean {
  return /[?&]watch=(1|true)/.test(target);
}
