/** Continue tokens of paged lists, in the form of `k8s.io/apiserver/pkg/storage/continue.go`. */

import { Buffer } from "node:buffer";

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
  return Buffer.from(json, "utf8").toString("base64url");
}

/**
 * Reads a token.
 *
 * @throws {SyntaxError} whose message says what is wrong with it, as the real server puts it
 */
export function decodeContinue(token: string): ContinueToken {
  const value = parseToken(token);
  if (!isObject(value) || value.v !== VERSION) {
    throw invalid("server does not recognize this encoded version");
  }
  const { rv, start } = value;
  if (typeof rv !== "number" || rv === 0) {
    throw invalid(`incorrect encoded start resourceVersion (version ${VERSION})`);
  }
  if (typeof start !== "string" || !start.startsWith("/")) {
    throw invalid(`encoded start key empty (version ${VERSION})`);
  }
  return { revision: rv, start: start.slice(1) };
}

function parseToken(token: string): Json {
  if (!/^[\w-]*$/.test(token)) throw invalid("illegal base64 data at input byte 0");
  const bytes = Buffer.from(token, "base64url");
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    const [first] = bytes.toString("latin1").trimStart();
    throw invalid(
      first === undefined
        ? "unexpected end of JSON input"
        : `invalid character '${first}' looking for beginning of value`,
      cause,
    );
  }
}

function invalid(why: string, cause?: unknown): SyntaxError {
  return new SyntaxError(`continue key is not valid: ${why}`, { cause });
}
