/** Acting as somebody else: the server checks that we may, and then treats the request as theirs. */

import { Buffer } from "node:buffer";

/** Whom to act as (`kubectl --as`); needs the right to impersonate. */
export interface Impersonation {
  /** Name of the user. */
  readonly user: string;
  /** UID of the user. */
  readonly uid?: string;
  /** Groups; without any, the server adds only `system:authenticated`. */
  readonly groups?: readonly string[];
  /** Anything else that an authenticator would tell of the user. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Bytes that may stand in a header's name, but for `%`, which escapes (RFC 7230, 3.2.6). */
const HEADER_NAME_BYTE = /^[!#$&'*+.^_`|~0-9A-Za-z-]$/;

/**
 * The headers. A name comes once for each of its values: the server takes `a, b` for one group. As a `Headers` object
 * would join them, they must be handed to `fetch` as they are.
 */
export function impersonationHeaders(
  { user, uid, groups = [], extra = {} }: Impersonation,
): [name: string, value: string][] {
  return [
    ["Impersonate-User", headerValue(user)],
    ...(uid ? [["Impersonate-Uid", headerValue(uid)] satisfies [string, string]] : []),
    ...groups.map((group): [string, string] => ["Impersonate-Group", headerValue(group)]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value): [string, string] => [
        `Impersonate-Extra-${escapeHeaderName(key)}`,
        headerValue(value),
      ])
    ),
  ];
}

/** Percent-encodes what cannot stand in a header's name (client-go, `transport/round_trippers.go`, `headerKeyEscape`). */
export function escapeHeaderName(key: string): string {
  return Array.from(Buffer.from(key, "utf8"), (byte) => {
    const char = String.fromCharCode(byte);
    if (HEADER_NAME_BYTE.test(char)) return char;
    return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** `fetch` takes only bytes, one a character; the server reads UTF-8. */
function headerValue(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
