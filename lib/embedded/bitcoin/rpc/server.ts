/** The RPC over HTTP (src/httprpc.cpp). */

import type { Clock } from "../../../time/mod.ts";
import type { RpcSettings } from "../settings.ts";
import { isAuthorized } from "./credentials.ts";
import { answerBody, type Execute } from "./envelope.ts";

/** How long whoever guesses passwords has to wait for each answer, in ms. */
const WRONG_PASSWORD_MS = 250;

/** What a server needs. */
export interface RpcServerOptions {
  /** Address to listen on. */
  readonly hostname: string;
  /** Port to listen on. */
  readonly port: number;
  /** Who may call. */
  readonly users: RpcSettings;
  /** Carries out calls. */
  readonly execute: Execute;
  /** Holds back every request while the node does not react. */
  readonly gate: () => Promise<void>;
  /** Time source. */
  readonly clock: Clock;
  /** Ends the server at once. */
  readonly killed: AbortSignal;
}

/** A server that listens. */
export interface RpcServer {
  /** Ends it once the requests that have come in are answered; at once if it is killed meanwhile. */
  close(): Promise<void>;
}

/** Time for the last answers to leave, in ms. */
const FLUSH_MS = 10;

/**
 * Listens.
 *
 * @throws a `Deno.errors.AddrInUse` if the address is taken
 */
export function serveRpc(options: RpcServerOptions): RpcServer {
  const { hostname, port, killed } = options;
  const cut = new AbortController();
  const unanswered = new Set<Promise<void>>();
  const server = Deno.serve(
    { hostname, port, signal: cut.signal, onListen: () => {}, onError: internalError },
    (request, { completed }) => {
      // It rejects when the client is gone, which is as good.
      const sent = completed.catch(() => {}).finally(() => unanswered.delete(sent));
      unanswered.add(sent);
      return answer(request, options);
    },
  );
  const gone = Promise.withResolvers<void>();
  killed.addEventListener("abort", () => {
    cut.abort();
    gone.resolve();
  }, { once: true });
  return {
    async close() {
      await Promise.race([Promise.all(unanswered), gone.promise]);
      // An answer that is complete is on its way, and leaves within a turn or two of the event loop.
      if (!killed.aborted) await new Promise((resolve) => setTimeout(resolve, FLUSH_MS));
      // Not shutdown(): it waits for connections as well, and with Deno 2.4 now and then for ever.
      cut.abort();
      await server.finished;
    },
  };
}

async function answer(request: Request, options: RpcServerOptions): Promise<Response> {
  const { users, execute, gate, clock, killed } = options;
  await gate();
  if (request.method !== "POST") {
    return new Response("JSONRPC server handles only POST requests", { status: 405 });
  }
  if (new URL(request.url).pathname !== "/") return new Response(null, { status: 404 });
  if (!await isAuthorized(request.headers.get("authorization"), users)) {
    await clock.sleep(WRONG_PASSWORD_MS, killed);
    const headers = { "www-authenticate": 'Basic realm="jsonrpc"' };
    return new Response(null, { status: 401, headers });
  }
  const { status, body } = await answerBody(await request.text(), execute);
  if (body === undefined) return new Response(null, { status });
  const headers = { "content-type": "application/json" };
  return new Response(`${JSON.stringify(body)}\n`, { status, headers });
}

function internalError(): Response {
  return new Response(null, { status: 500 });
}
