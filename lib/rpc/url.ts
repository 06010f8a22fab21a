/** Addresses of bitcoind's RPC. */

/**
 * The URL of the RPC at `host` and `port`; an IPv6 address gets its brackets.
 *
 * @example Usage
 * ```ts
 * import { rpcUrl } from "./url.ts";
 *
 * rpcUrl("10.0.0.7", 18443); // "http://10.0.0.7:18443/"
 * rpcUrl("fd00::7", 18443); // "http://[fd00::7]:18443/"
 * ```
 */
export function rpcUrl(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}
