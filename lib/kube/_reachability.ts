/** Tells once that an API server cannot be reached, and once that it can again. */

import { getLogger } from "@logtape/logtape";

const log = getLogger(["bitcoin-controller", "kube"]);

/** How long nothing is answered before it is told, in ms: a restart of a connection or of a proxy is no news. */
const PATIENCE_MS = 3_000;

/** Whether a server answers, seen over all requests of a client. */
export class Reachability {
  readonly #server: string;
  #lostAtMs: number | undefined;
  #isTold = false;

  /** `server` names it for people; its URL would not do, for that may hold a secret. */
  constructor(server: string) {
    this.#server = server;
  }

  /** A request was answered, be it with an error. */
  answered(nowMs: number): void {
    if (this.#isTold) {
      const afterMs = Math.round(nowMs - (this.#lostAtMs ?? nowMs));
      log.info("The API server answers again", { server: this.#server, afterMs });
    }
    this.#lostAtMs = undefined;
    this.#isTold = false;
  }

  /** A request was not answered. */
  lost(error: unknown, nowMs: number): void {
    this.#lostAtMs ??= nowMs;
    if (this.#isTold || nowMs - this.#lostAtMs < PATIENCE_MS) return;
    this.#isTold = true;
    log.warn("The API server does not answer", { server: this.#server, error });
  }
}
