/** What bitcoind needs to know of a password: a salted hash. */

/**
 * The value of bitcoin.conf's `rpcauth`: `user:salt$hash`, as share/rpcauth/rpcauth.py of Bitcoin Core makes it.
 *
 * @param salt any text without `$`; keep it, for another salt gives another hash, and so another configuration
 * @throws {RangeError} if the user has a colon or the salt a `$`, which bitcoind could not parse
 */
export async function rpcAuth(user: string, password: string, salt: string): Promise<string> {
  if (user === "" || user.includes(":")) {
    throw new RangeError(`Cannot hash the password of '${user}': a user is a text without ':'`);
  }
  if (salt === "" || salt.includes("$")) {
    throw new RangeError("Cannot hash a password: the salt must be a text without '$'");
  }
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(salt), algorithm, false, [
    "sign",
  ]);
  const hash = await crypto.subtle.sign("HMAC", key, encoder.encode(password));
  const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0"));
  return `${user}:${salt}$${hex.join("")}`;
}
