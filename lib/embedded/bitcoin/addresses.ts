/** How nodes are named: an IP address or a host name, with or without a port. Pure. */

import { P2P_PORT } from "./settings.ts";

/** A node's name, taken apart. */
export interface NodeName {
  /** IP address or host name, without brackets. */
  readonly host: string;
  /** Its port; that of regtest if the name has none. */
  readonly port: number;
  /** Whether the host is an IP address. */
  readonly isAddress: boolean;
}

/** Takes a name such as `10.0.0.7`, `10.0.0.7:18444`, `[fd00::7]:18444` or `net-0.net-svc:18444` apart. */
export function parseNodeName(name: string): NodeName {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(name) ?? [];
  const host = bracketed ?? plain ?? name;
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(":");
  return { host, port: port === undefined ? P2P_PORT : Number(port), isAddress };
}

/** Address and port as bitcoind writes them. */
export function serviceOf(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The address and port that a name stands for by itself; undefined for a host name. */
export function numericService(name: string): string | undefined {
  const { host, port, isAddress } = parseNodeName(name);
  return isAddress ? serviceOf(host, port) : undefined;
}
