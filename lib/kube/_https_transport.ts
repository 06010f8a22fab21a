/**
 * HTTPS that `fetch` cannot do: a server whose certificate is for another name than its URL's, or is not checked at
 * all. `node:https` cannot either, on Deno 2.4: there it ignores both; undici on `node:tls` can.
 */

import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";

import type { Dispatcher } from "undici";

import { ConfigError } from "./errors.ts";
import type { FetchLike } from "./request.ts";
import type { NodeTlsOptions } from "./tls.ts";

/** Since when `node:tls` shows a client certificate, and lets us check the server's; measured. */
const FULL_TLS_SINCE = "2.8";

/** Sends requests to one server. */
export interface HttpsTransport {
  /** The part of `fetch` that the client uses: method, headers, text as body, signal. */
  readonly fetch: FetchLike;
  /** Closes connections as they become idle; requests under way go on to their end. */
  close(): void;
}

/**
 * Opens a transport; nothing is connected, nor undici loaded, before the first request.
 *
 * @throws {ConfigError} if this Deno cannot do what `tls` asks for
 */
export function openHttpsTransport(
  server: string,
  tls: NodeTlsOptions,
  denoVersion: string = Deno.version.deno,
): HttpsTransport {
  const refused = tls.cert
    ? "a client certificate"
    : isIP(tls.servername ?? "")
    ? "a name of the server that is an address"
    : undefined;
  if (refused && !isSince(denoVersion, FULL_TLS_SINCE)) {
    throw new ConfigError(
      `Cannot use ${refused} together with 'tls-server-name' or 'insecure-skip-tls-verify': ` +
        `this needs Deno ${FULL_TLS_SINCE}, and this is ${denoVersion}`,
    );
  }
  const { origin } = new URL(server);
  let pool: Promise<Dispatcher> | undefined;
  return {
    async fetch(url, { method = "GET", headers, body, signal }) {
      const dispatcher = await (pool ??= openPool(origin, tls));
      signal?.throwIfAborted();
      const { pathname, search } = new URL(url);
      const answer = await dispatcher.request({
        // as: the client knows no other methods than undici does.
        method: method as Dispatcher.HttpMethod,
        path: pathname + search,
        headers: pairsOf(headers).flat(),
        body: typeof body === "string" ? body : null,
        signal,
      });
      return responseOf(answer);
    },
    close() {
      // It resolves when the last request has ended, and there is nobody to tell.
      pool?.then((dispatcher) => dispatcher.close()).catch(() => {});
    },
  };
}

/** Its own timeouts are off: the client has deadlines, and a watch may be silent for long. */
async function openPool(origin: string, tls: NodeTlsOptions): Promise<Dispatcher> {
  const { Pool } = await import("./_undici.ts");
  const connect = { timeout: 0, ...withAddress(tls) };
  return new Pool(origin, { headersTimeout: 0, bodyTimeout: 0, connect });
}

/** Names of servers are not addresses in TLS (RFC 6066, 3): one is not asked for, only checked. */
function withAddress({ servername, ...tls }: NodeTlsOptions): object {
  if (servername === undefined) return tls;
  if (!isIP(servername)) return { ...tls, servername };
  return {
    ...tls,
    checkServerIdentity: (_host: string, certificate: PeerCertificate): Error | undefined =>
      checkServerIdentity(servername, certificate),
  };
}

function isSince(version: string, since: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [sinceMajor = 0, sinceMinor = 0] = since.split(".").map(Number);
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

/** A header that comes several times stays so, which a `Headers` object would not keep. */
function pairsOf(headers: HeadersInit = []): string[][] {
  if (Array.isArray(headers)) return headers;
  return [...new Headers(headers)];
}

/** Statuses whose answers have no body (Fetch, "null body status"). */
const BODILESS = [101, 103, 204, 205, 304];

function responseOf({ statusCode, headers, body }: Dispatcher.ResponseData): Response {
  const pairs = Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one])
  );
  const init = { status: statusCode, headers: pairs };
  if (BODILESS.includes(statusCode)) {
    body.resume();
    return new Response(null, init);
  }
  return new Response(ReadableStream.from<Uint8Array<ArrayBuffer>>(body), init);
}
