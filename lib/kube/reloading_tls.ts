/** Certificates in files that somebody rotates. */

import { getLogger } from "@logtape/logtape";

import { abortable, type Clock, systemClock } from "../time/mod.ts";
import type { TlsMaterial, TlsSource } from "./tls.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

/** For how long certificates are used before their files are read again, in ms (client-go, `transport/cert_rotation.go`). */
const LIFETIME_MS = 300_000;

/** The least time between two readings, in ms: requests that fail ask for one each. */
const MIN_INTERVAL_MS = 10_000;

/** What a {@linkcode ReloadingTls} is made of. */
export interface ReloadingTlsOptions {
  /** What was read at the start. */
  readonly initial: TlsMaterial;
  /** Reads everything again; throws if it cannot be used. */
  readonly load: () => Promise<TlsMaterial>;
  /** Whose certificates they are, for logs. */
  readonly owner: string;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Certificates that are read again every five minutes, when a request is sent, and after a failure that new ones may
 * mend. While the files cannot be used, as in the middle of a rotation, the old ones stay in use.
 */
export class ReloadingTls implements TlsSource {
  readonly #load: () => Promise<TlsMaterial>;
  readonly #owner: string;
  readonly #clock: Clock;
  #current: TlsMaterial;
  #readAtMs: number;
  #lifetimeMs = LIFETIME_MS;
  #reading: Promise<void> | undefined;

  /** Keeps its arguments; files are read with a request, and not before their time. */
  constructor(options: ReloadingTlsOptions) {
    this.#load = options.load;
    this.#owner = options.owner;
    this.#clock = options.clock ?? systemClock;
    this.#current = options.initial;
    this.#readAtMs = this.#clock.monotonic();
  }

  /** Those of the files, or the last ones that could be used. */
  async current(signal?: AbortSignal): Promise<TlsMaterial> {
    if (this.#clock.monotonic() - this.#readAtMs >= this.#lifetimeMs) {
      this.#reading ??= this.#read().finally(() => this.#reading = undefined);
      await abortable(this.#reading, signal);
    }
    return this.#current;
  }

  /** Has the files read again soon, unless that has happened since. */
  rejected(material: TlsMaterial): void {
    if (material === this.#current) this.#lifetimeMs = MIN_INTERVAL_MS;
  }

  async #read(): Promise<void> {
    try {
      const loaded = await this.#load();
      this.#lifetimeMs = LIFETIME_MS;
      if (!loaded.equals(this.#current)) {
        this.#current = loaded;
        log.info("Certificates have changed, opening new connections", { owner: this.#owner });
      }
    } catch (error) {
      this.#lifetimeMs = MIN_INTERVAL_MS;
      log.warn("Keeping the old certificates", { owner: this.#owner, error });
    }
    this.#readAtMs = this.#clock.monotonic();
  }
}
