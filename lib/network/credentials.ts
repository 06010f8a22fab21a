/** User and password of the nodes' RPC: read from a Secret, or made. */

import type { Secret } from "kubernetes-types/core/v1.d.ts";
import { SECRET_KEYS } from "./names.ts";

/** What it takes to call the nodes of a network, and to make their `rpcauth`. */
export interface Credentials {
  /** User of the RPC. */
  readonly user: string;
  /** Password of the user. */
  readonly password: string;
  /** Salt of the password's hash. Another salt is another configuration, which rolls all pods: so it never changes by itself. */
  readonly salt: string;
}

/**
 * Reads the credentials of a Secret, or says what is wrong with it.
 *
 * A person's Secret needs no salt: the network's UID serves, which is unique and, like any salt, no secret.
 */
export function credentialsOf(
  secret: Secret,
  networkUid: string,
): Credentials | { readonly problem: string } {
  const name = secret.metadata?.name;
  const values: Partial<Record<keyof typeof SECRET_KEYS, string>> = {};
  for (const part of ["user", "password", "salt"] as const) {
    const data = secret.data?.[SECRET_KEYS[part]];
    if (data === undefined) continue;
    const value = decode(data);
    if (value === undefined) {
      return { problem: `Secret '${name}': ${SECRET_KEYS[part]} is no UTF-8 text` };
    }
    values[part] = value;
  }
  const { user, password, salt = networkUid.replaceAll("-", "") } = values;
  if (!user) return { problem: `Secret '${name}' has no key ${SECRET_KEYS.user}, or it is empty` };
  if (!password) {
    return { problem: `Secret '${name}' has no key ${SECRET_KEYS.password}, or it is empty` };
  }
  // bitcoin.conf has no way to quote: these end a user, a value or a line, and blanks around a value are lost.
  if (/[:$#\n\r]|^\s|\s$/.test(user)) {
    return {
      problem:
        `Secret '${name}': ${SECRET_KEYS.user} must not contain ':', '$', '#' or a line break, nor begin or end with a blank`,
    };
  }
  if (!/^[\w-]+$/.test(salt)) {
    return { problem: `Secret '${name}': ${SECRET_KEYS.salt} must be letters and digits` };
  }
  return { user, password, salt };
}

/** Makes credentials. `randomBytes` returns that many bytes nobody can guess. */
export function makeCredentials(
  randomBytes: (length: number) => Uint8Array = (length) =>
    crypto.getRandomValues(new Uint8Array(length)),
): Credentials {
  const hex = (length: number): string =>
    Array.from(randomBytes(length), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { user: "bitcoin", password: hex(32), salt: hex(16) };
}

function decode(data: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
