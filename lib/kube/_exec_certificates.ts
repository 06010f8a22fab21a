/** The certificates of a connection whose client certificate comes from a credential plugin. */

import type { ExecCredentials } from "./exec_credentials.ts";
import type { ClientCertificate, TlsComplaint, TlsMaterial, TlsSource } from "./tls.ts";

/** What was put together last, and of what. */
interface Combination {
  readonly base: TlsMaterial;
  readonly certificate: ClientCertificate;
  readonly material: TlsMaterial;
}

/** Adds the plugin's client certificate, if it has one, to certificates from elsewhere. */
export class ExecCertificates implements TlsSource {
  readonly #base: TlsSource;
  readonly #credentials: ExecCredentials;
  #last: Combination | undefined;

  /** Keeps both; the plugin runs with the first request. */
  constructor(base: TlsSource, credentials: ExecCredentials) {
    this.#base = base;
    this.#credentials = credentials;
  }

  /**
   * Those of now.
   *
   * @throws {ConfigError} if the plugin has no answer
   */
  async current(signal?: AbortSignal): Promise<TlsMaterial> {
    const base = await this.#base.current(signal);
    const certificate = await this.#credentials.certificate(signal);
    if (!certificate) return base;
    if (this.#last?.base !== base || this.#last.certificate !== certificate) {
      this.#last = { base, certificate, material: base.withCertificate(certificate) };
    }
    return this.#last.material;
  }

  /** Only a 401 is a reason to ask the plugin again: it cannot help with a server that is not there. */
  rejected(material: TlsMaterial, complaint: TlsComplaint): void {
    const { base, certificate } = this.#last?.material === material
      ? this.#last
      : { base: material, certificate: undefined };
    this.#base.rejected(base, complaint);
    if (certificate && complaint === "unauthorized") {
      this.#credentials.rejectedCertificate(certificate);
    }
  }
}
