/** What an HTTP answer of bitcoind means. Pure. */

import { RpcTransportError, type RpcTransportErrorKind } from "./errors.ts";

/** How much of an answer that is no JSON is quoted, in characters. */
const MAX_QUOTE = 200;

/** What bitcoind means by a status without JSON (src/httprpc.cpp, src/httpserver.cpp). */
const MEANINGS: Readonly<Record<number, readonly [kind: RpcTransportErrorKind, text: string]>> = {
  401: ["unauthorized", "user or password are wrong"],
  403: ["forbidden", "this address or method is not allowed"],
  503: ["overloaded", "it has too much to do"],
};

/**
 * The JSON of an answer. Errors of calls come as JSON with status 200, 400, 404 or 500, so the body counts before
 * the status.
 *
 * @param what the call and where it went, for the error
 * @throws {RpcTransportError} if the body is no JSON
 */
export function readAnswer(what: string, status: number, text: string): unknown {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch (cause) {
      const message = `Cannot call ${what}: the answer (HTTP ${status}) is broken JSON`;
      throw new RpcTransportError("malformed", message, { cause, status });
    }
  }
  const [kind, meaning] = MEANINGS[status] ?? ["malformed" as const, "the answer is no JSON"];
  const said = text.trim().slice(0, MAX_QUOTE);
  const quote = said && `: '${said}'`;
  const message = `Cannot call ${what}: ${meaning} (HTTP ${status})${quote}`;
  throw new RpcTransportError(kind, message, { status });
}
