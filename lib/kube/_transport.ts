/** How the requests of a client leave the process: which connections they use, and when those are exchanged for new ones. */

import { type HttpsTransport, openHttpsTransport } from "./_https_transport.ts";
import type { Connection } from "./connection.ts";
import { ConfigError } from "./errors.ts";
import type { FetchLike } from "./request.ts";
import { type TlsComplaint, TlsMaterial, type TlsSource } from "./tls.ts";

/** Connections that were opened with the same certificates. */
export interface Channel extends HttpsTransport {
  readonly material: TlsMaterial;
}

const PLAIN = new TlsMaterial({});

/** Opens connections when they are needed, and anew when the certificates have changed. */
export class Transport {
  readonly #connection: Connection;
  readonly #tls: TlsSource;
  readonly #fetch: FetchLike | undefined;
  #channel: Channel | undefined;

  /** `fetch` sends everything if it is given; else the connection decides. */
  constructor(connection: Connection, fetch: FetchLike | undefined) {
    this.#connection = connection;
    this.#tls = connection.tls ?? PLAIN;
    this.#fetch = fetch;
  }

  /**
   * Connections that use the certificates of now. Requests under way on others go on to their end.
   *
   * @throws {ConfigError} if the certificates cannot be used
   */
  async channel(signal?: AbortSignal): Promise<Channel> {
    const material = this.#encrypted ? await this.#tls.current(signal) : PLAIN;
    if (this.#channel?.material !== material) {
      this.close();
      this.#channel = this.#open(material);
    }
    return this.#channel;
  }

  /** A request on it failed: the next one may get other certificates. */
  rejected({ material }: Channel, complaint: TlsComplaint): void {
    if (this.#encrypted) this.#tls.rejected(material, complaint);
  }

  /** Leaves the connections, which close as they become idle. */
  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  get #encrypted(): boolean {
    return this.#connection.server.startsWith("https:");
  }

  #open(material: TlsMaterial): Channel {
    const { server, proxy, description } = this.#connection;
    if (material.needsNodeTls && !this.#fetch) {
      return { material, ...openHttpsTransport(server, material.nodeOptions()) };
    }
    const send = this.#fetch ?? fetch;
    // With plain HTTP an abort closes the connection, so that the global client will do.
    if (!this.#encrypted && !proxy) return { material, fetch: send, close() {} };
    try {
      const client = material.createHttpClient(proxy);
      return {
        material,
        fetch: (url, init) => send(url, { ...init, client }),
        // What is under way keeps the client until it ends.
        close: () => client.close(),
      };
    } catch (cause) {
      throw new ConfigError(`Cannot use the certificates of ${description}: ${String(cause)}`, {
        cause,
      });
    }
  }
}
