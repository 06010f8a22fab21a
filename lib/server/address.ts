/** Where a server listens. */

/** An address to listen on. */
export interface ListenAddress {
  /** Name or address of this machine, IPv6 without brackets; empty for all addresses that it has. */
  readonly hostname: string;
  /** Port; 0 for any that is free. */
  readonly port: number;
}

/** An address as it stands in a URL. */
export function formatListenAddress({ hostname, port }: ListenAddress): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
