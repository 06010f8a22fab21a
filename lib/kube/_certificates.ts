/** Checks certificates while it is still known where they come from. */

import { ConfigError } from "./errors.ts";
import { TlsMaterial, type TlsMaterialInit } from "./tls.ts";

/**
 * Loads certificates as a request would.
 *
 * @throws {ConfigError} if they cannot be used; `what` names them
 */
export function checkCertificates(what: string, init: TlsMaterialInit): void {
  try {
    new TlsMaterial(init).createHttpClient().close();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`Cannot use ${what}: ${why}`, { cause });
  }
}
