/** Certificates of a connection: whom we trust and who we are. */

import { isDeepStrictEqual } from "node:util";

import type { ProxyServer } from "./proxy.ts";

/** A certificate that says who we are, with its key; texts in PEM form. */
export interface ClientCertificate {
  /** The certificate, followed by those that lead to its authority. */
  readonly cert: string;
  /** Private key of `cert`. */
  readonly key: string;
}

/** What a {@linkcode TlsMaterial} is made of; texts in PEM form. */
export interface TlsMaterialInit extends Partial<ClientCertificate> {
  /** Certificate authorities, trusted in addition to the built-in web roots; each text may hold several. */
  readonly caCerts?: readonly string[];
  /**
   * Where `caCerts` come from, for messages: `certificate authority '/ca.crt'`.
   *
   * @default {not told}
   */
  readonly caOrigin?: string;
  /**
   * The name that the server's certificate must be for.
   *
   * @default {the host of the server's URL}
   */
  readonly serverName?: string;
  /**
   * Whether any certificate of the server will do. Then nobody knows who gets our credentials.
   *
   * @default {false}
   */
  readonly insecure?: boolean;
}

/** Why a {@linkcode TlsSource} should look again: the server answered 401, or no answer came at all. */
export type TlsComplaint = "unauthorized" | "unreachable";

/** Certificates that may be replaced while the program runs. */
export interface TlsSource {
  /** Those to use now: the same object for as long as nothing has changed. `signal` gives up waiting. */
  current(signal?: AbortSignal): Promise<TlsMaterial>;
  /** A request that used this material failed, which new material may mend. */
  rejected(material: TlsMaterial, complaint: TlsComplaint): void;
}

/** What Node's `tls.connect` takes. */
export interface NodeTlsOptions extends Partial<ClientCertificate> {
  /** Authorities; no others are trusted then. */
  readonly ca?: string[];
  /** Name to ask for and to check. */
  readonly servername?: string;
  /** Whether the server's certificate is checked. */
  readonly rejectUnauthorized: boolean;
}

const INSPECT = Symbol.for("Deno.customInspect");

/** Holds certificates and a private key without ever showing the key. As a source it never changes. */
export class TlsMaterial implements TlsSource {
  readonly #init: TlsMaterialInit;

  /** Keeps the texts; they are parsed when the first request is sent. */
  constructor(init: TlsMaterialInit) {
    this.#init = init;
  }

  /** Whether `fetch` cannot do it: it checks certificates always, and for the host of the URL. */
  get needsNodeTls(): boolean {
    return this.#init.insecure === true || this.#init.serverName !== undefined;
  }

  /** Whose signature it takes, for messages. */
  get trusted(): string {
    const { caOrigin, caCerts } = this.#init;
    return caOrigin ?? (caCerts ? "the given authority" : "any of the built-in web roots");
  }

  /**
   * An HTTP client that uses these certificates; the caller closes it.
   *
   * @throws {Error} if a text is not valid PEM, or the key does not go with the certificate
   */
  createHttpClient(proxy?: ProxyServer): Deno.HttpClient {
    const { caCerts, cert, key } = this.#init;
    return Deno.createHttpClient({
      // A write on an HTTP/2 connection at rest takes 40 ms more: its body goes out in a packet of its own, which waits
      // until the server acknowledges the one before (Nagle's algorithm, which Deno leaves on).
      http2: false,
      ...(caCerts && { caCerts: [...caCerts] }),
      ...(cert && key && { cert, key }),
      ...(proxy && { proxy: proxy.forHttpClient() }),
    });
  }

  /** The same for Node's `tls.connect`. */
  nodeOptions(): NodeTlsOptions {
    const { caCerts, cert, key, serverName, insecure } = this.#init;
    return {
      ...(caCerts && { ca: [...caCerts] }),
      ...(cert && key && { cert, key }),
      ...(serverName && { servername: serverName }),
      rejectUnauthorized: !insecure,
    };
  }

  /** The same with another client certificate. */
  withCertificate({ cert, key }: ClientCertificate): TlsMaterial {
    return new TlsMaterial({ ...this.#init, cert, key });
  }

  /** Whether nothing differs. */
  equals(other: TlsMaterial): boolean {
    return isDeepStrictEqual(this.#init, other.#init);
  }

  /** Itself. */
  current(): Promise<TlsMaterial> {
    return Promise.resolve(this);
  }

  /** Does nothing: there are no others. */
  rejected(): void {}

  /** What is there, without any of it. */
  [INSPECT](): string {
    const { caCerts = [], cert, serverName, insecure } = this.#init;
    const parts = [`caCerts: ${caCerts.length}`, `clientCertificate: ${cert !== undefined}`];
    if (serverName) parts.push(`serverName: ${JSON.stringify(serverName)}`);
    if (insecure) parts.push("insecure: true");
    return `TlsMaterial { ${parts.join(", ")} }`;
  }
}
