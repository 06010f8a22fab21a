/** The controller's own HTTP server: how it is, and how much it does. */

import { getLogger } from "@logtape/logtape";
import type { Runnable } from "../reconcile/mod.ts";
import { onAbort } from "../time/mod.ts";
import { formatListenAddress, type ListenAddress } from "./address.ts";
import { type Check, Health } from "./health.ts";

const log = getLogger(["bitcoin-controller", "server"]);

/** What all answers say, unless they say something else; a browser is not to guess another type from what they contain. */
const HEADERS = {
  "content-type": "text/plain; charset=utf-8",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
} as const;

/** What the server tells about. */
export interface ControllerServerOptions {
  /** Where it listens. */
  readonly address: ListenAddress;
  /** What must hold for the process to live on: nothing that a restart would not mend. At `/livez` and `/healthz`. */
  readonly live: readonly Check[];
  /** What must hold for it to do its work. At `/readyz`. */
  readonly ready: readonly Check[];
  /** Metrics, at `/metrics`. */
  readonly metrics?: MetricsSource;
}

/** Metrics to show. */
export interface MetricsSource {
  /** Media type of the text. */
  readonly contentType: string;
  /** The text as it is now. */
  metrics(): Promise<string>;
}

/** The server cannot listen at its address. */
export class ListenError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "ListenError";
}

/** Serves health and metrics until it is told to stop: a part of a program that a `Manager` runs. */
export class ControllerServer implements Runnable {
  /** Name of the part. */
  readonly name = "server";
  readonly #options: ControllerServerOptions;
  readonly #health: ReadonlyMap<string, Health>;
  readonly #listening = Promise.withResolvers<string>();

  /** Keeps its options; {@linkcode ControllerServer.run} makes it listen. */
  constructor(options: ControllerServerOptions) {
    const { live, ready } = options;
    this.#options = options;
    this.#health = new Map([
      ["livez", new Health("livez", live)],
      ["healthz", new Health("healthz", live)],
      ["readyz", new Health("readyz", ready)],
    ]);
  }

  /**
   * Serves until the signal is aborted; then what is under way is cut off.
   *
   * @throws {ListenError} if the address is not one of this machine, or its port is taken
   */
  async run(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const end = new AbortController();
    const server = this.#listen(end.signal);
    const url = `http://${formatListenAddress(server.addr)}`;
    log.info("Serving health and metrics", { url });
    this.#listening.resolve(url);
    // Not `shutdown()`, which with Deno 2.4 now and then waits for ever for a connection that nobody uses.
    using _ = onAbort(signal, () => end.abort());
    await server.finished;
  }

  /** Resolves to its URL, which names the port, once it listens. */
  url(): Promise<string> {
    return this.#listening.promise;
  }

  /** Resolves once it listens. */
  async ready(): Promise<void> {
    await this.#listening.promise;
  }

  #listen(signal: AbortSignal): Deno.HttpServer<Deno.NetAddr> {
    const { address } = this.#options;
    const serve = (hostname: string): Deno.HttpServer<Deno.NetAddr> =>
      Deno.serve(
        { hostname, port: address.port, signal, onListen: () => {}, onError: brokenAnswer },
        (request) => this.#answer(request),
      );
    try {
      if (address.hostname !== "") return serve(address.hostname);
      try {
        return serve("::"); // Takes IPv4 as well.
      } catch (error) {
        if (error instanceof Deno.errors.AddrInUse) throw error;
        return serve("0.0.0.0"); // There is no IPv6 on this machine.
      }
    } catch (cause) {
      const message = `Cannot listen on '${formatListenAddress(address)}': ${whyNot(cause)}`;
      throw new ListenError(message, { cause });
    }
  }

  async #answer({ method, url }: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(url);
    const [, first = "", check, ...rest] = pathname.split("/");
    const health = rest.length === 0 ? this.#health.get(first) : undefined;
    const metrics = pathname === "/metrics" ? this.#options.metrics : undefined;
    const isKnown = health !== undefined || metrics !== undefined;
    if (isKnown && method !== "GET" && method !== "HEAD") {
      return respond(405, "405 method not allowed\n", { allow: "GET, HEAD" });
    }
    if (metrics) {
      return respond(200, await metrics.metrics(), { "content-type": metrics.contentType });
    }
    if (!health) return respond(404, "404 page not found\n");
    const { status, body } = check === undefined
      ? health.answer(searchParams)
      : health.answerOne(check);
    return respond(status, body);
  }
}

function respond(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { ...HEADERS, ...headers } });
}

/** What stands in the way of listening, and what to do. */
function whyNot(cause: unknown): string {
  if (cause instanceof Deno.errors.AddrInUse) {
    return "the port is in use; stop what listens there, or choose another one";
  }
  if (cause instanceof Deno.errors.AddrNotAvailable) {
    return "the address is none of this machine; choose one that is";
  }
  if (cause instanceof Deno.errors.PermissionDenied) {
    return "this program may not use the port; choose one above 1023";
  }
  return cause instanceof Error ? cause.message : String(cause);
}

function brokenAnswer(error: unknown): Response {
  log.error("Cannot answer a request", { error });
  return respond(500, "500 internal server error\n");
}
