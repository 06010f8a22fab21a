/** What bitcoind needs to know of a password: a salted hash. */

import { createHmac } from "node:crypto";

/**
 * The value of bitcoin.conf's `rpcauth`: `user:salt$hash`, as share/rpcauth/rpcauth.py of Bitcoin Core makes it.
 *
 * @param salt any text without `$`; keep it, for another salt gives another hash, and so another configuration
 * @throws {RangeError} if the user has a colon or the salt a `$`, which bitcoind could not parse
 */
export function rpcAuth(user: string, password: string, salt: string): string {
  if (user === "" || user.includes(":")) {
    throw new RangeError(`Cannot hash the password of '${user}': a user is a text without ':'`);
  }
  if (salt === "" || salt.includes("$")) {
    throw new RangeError("Cannot hash a password: the salt must be a text without '$'");
  }
  return `${user}:${salt}$${createHmac("sha256", salt).update(password).digest("hex")}`;
}
