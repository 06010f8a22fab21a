/** Continue tokens of paged lists, in the form of `k8s.io/apiserver/pkg/storage/continue.go`. */

import { isObject, type Json } from "../json.ts";

/** Where a page begins. */
export interface ContinueToken {
  /** Revision that all pages of the list show; -1 stands for the newest, once that one is gone. */
  readonly revision: number;
  /** First possible key of the page, without the prefix that all keys of the list share. */
  readonly start: string;
}

const VERSION = "meta.k8s.io/v1";

/** Writes a token; `lastKey` is the last key of the page before, without the shared prefix. */
export function encodeContinue(revision: number, lastKey: string): string {
  const json = JSON.stringify({ v: VERSION, rv: revision, start: `/${lastKey}\0` });
  return toBase64Url(new TextEncoder().encode(json));
}

/**
 * Reads a token.
 *
 * @throws {SyntaxError} whose message says what is wrong with it, as the real server puts it
 */
export function decodeContinue(token: string): ContinueToken {
  const json = new TextDecoder("latin1").decode(fromBase64Url(token));
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder().decode(fromBase64Url(token)));
  } catch (cause) {
    const first = json.trimStart()[0];
    const message = first === undefined
      ? "unexpected end of JSON input"
      : `invalid character '${first}' looking for beginning of value`;
    throw new SyntaxError(`continue key is not valid: ${message}`, { cause });
  }
  if (!isObject(value) || value.v !== VERSION) {
    throw new SyntaxError(
      "continue key is not valid: server does not recognize this encoded version",
    );
  }
  const { rv, start } = value;
  if (typeof rv !== "number" || rv === 0) {
    throw new SyntaxError(
      "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
    );
  }
  if (typeof start !== "string" || !start.startsWith("/")) {
    throw new SyntaxError(
      "continue key is not valid: encoded start key empty (version meta.k8s.io/v1)",
    );
  }
  return { revision: rv, start: start.slice(1) };
}

function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): Uint8Array {
  let decoded: string;
  try {
    decoded = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch (cause) {
    throw new SyntaxError("continue key is not valid: illegal base64 data at input byte 0", {
      cause,
    });
  }
  return Uint8Array.from(decoded, (char) => char.charCodeAt(0));
}
