/** Certificates of a connection: whom we trust and who we are. */

/** Texts in PEM form. */
export interface TlsMaterialInit {
  /** Certificate authorities, trusted in addition to the built-in web roots; each text may hold several. */
  readonly caCerts?: readonly string[];
  /** Client certificate chain; needs `key`. */
  readonly cert?: string;
  /** Private key of `cert`. */
  readonly key?: string;
}

const INSPECT = Symbol.for("Deno.customInspect");

/** Holds certificates and a private key without ever showing the key. */
export class TlsMaterial {
  readonly #init: TlsMaterialInit;

  /** Keeps the texts; they are parsed when the first request is sent. */
  constructor(init: TlsMaterialInit) {
    this.#init = init;
  }

  /**
   * An HTTP client that uses these certificates; the caller closes it.
   *
   * @throws {Error} if a text is not valid PEM, or the key does not go with the certificate
   */
  createHttpClient(): Deno.HttpClient {
    const { caCerts, cert, key } = this.#init;
    return Deno.createHttpClient({
      ...(caCerts && { caCerts: [...caCerts] }),
      ...(cert && key && { cert, key }),
    });
  }

  /** What is there, without any of it. */
  [INSPECT](): string {
    const { caCerts = [], cert } = this.#init;
    return `TlsMaterial { caCerts: ${caCerts.length}, clientCertificate: ${cert !== undefined} }`;
  }
}
