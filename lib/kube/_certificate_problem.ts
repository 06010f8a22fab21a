/** Says in words for people why a certificate was refused. Pure. */

import { rfc3339 } from "../time/mod.ts";

/**
 * How rustls says that no authority has signed it: none has its issuer's name, or one has, but not the key. The latter is
 * the rule for another cluster's: they are all called `kubernetes`.
 */
const NOT_SIGNED = /\binvalid peer certificate: (UnknownIssuer|BadSignature)\b/;

/** All that Deno's `node:tls` says of a certificate that is not signed, or is over, or is not valid yet. */
const UNVERIFIED = /\bunable to verify the first certificate\b/;

/** What rustls says of a certificate out of its time; times are in s since 1970. */
const OUT_OF_TIME =
  /\bverification time (\d+) \(UNIX\), but certificate is not valid (after|before) (\d+)\b/;

/** What rustls says of a certificate that is older than version 3. */
const OLD_VERSION = /\bUnsupportedCertVersion\b/;

/** The state of a certificate that is too old, whosever it is; undefined if the message is about something else. */
export function versionProblem(message: string): string | undefined {
  return OLD_VERSION.test(message) ? "is of X.509 version 1; issue it as version 3" : undefined;
}

/**
 * What is wrong with a server's certificate, and what to do.
 *
 * @param message what TLS said
 * @param trusted whose signature we take, for people
 * @returns undefined if the message is about something else
 */
export function certificateProblem(message: string, trusted: string): string | undefined {
  const code = NOT_SIGNED.exec(message)?.[1];
  if (code) {
    return `the server's certificate is not signed by ${trusted} (${code}): ` +
      "check the address and the authority, one of them is another cluster's";
  }
  if (UNVERIFIED.test(message)) {
    return `the server's certificate is not signed by ${trusted}, or not valid now: ` +
      "check the address, the authority and the clock of this machine";
  }
  const oldVersion = versionProblem(message);
  if (oldVersion) return `the server's certificate ${oldVersion}`;
  const [, nowS, side, boundS] = OUT_OF_TIME.exec(message) ?? [];
  if (side === undefined) return undefined;
  const clock = `and by the clock of this machine it is ${timeOf(nowS)}`;
  return side === "after"
    ? `the server's certificate was valid until ${timeOf(boundS)}, ${clock}: ` +
      "set the clock if it is fast, else renew the certificate"
    : `the server's certificate is valid from ${timeOf(boundS)} on, ${clock}: ` +
      "set the clock, which is probably slow";
}

function timeOf(seconds: string | undefined): string {
  return rfc3339(Number(seconds) * 1000);
}
