/** Writes one series of events to the API server. */

import { getLogger } from "@logtape/logtape";

import { type Clock, isAbort, microTime } from "../time/mod.ts";
import { eventBody, type Reporter } from "./_event_body.ts";
import type { Series, SeriesCache } from "./_event_series.ts";
import type { KubeClient } from "./client.ts";
import { ApiError, TransportError } from "./errors.ts";
import { EVENTS } from "./resource.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

/** How often a write is tried (client-go, `tools/record/event.go`). */
const MAX_TRIES = 12;

/** Time between tries, in ms; the first is a random part of it (same source). */
const RETRY_MS = 10_000;

/** What a writer needs. */
export interface EventWriterOptions extends Reporter {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random?: () => number;
  /** Makes the names of Events. */
  readonly names: Pick<SeriesCache, "nextName">;
}

/** Sends what the server does not know of a series yet. */
export class EventWriter {
  readonly #options: EventWriterOptions;

  constructor(options: EventWriterOptions) {
    this.#options = options;
  }

  /** Writes, tries again while there is no answer, and gives up what is refused. Throws only when aborted. */
  async write(series: Series, signal: AbortSignal): Promise<void> {
    const { clock, random = Math.random } = this.#options;
    for (let tries = 1;; tries++) {
      try {
        return await this.#send(series, signal);
      } catch (error) {
        if (isAbort(error, signal)) throw error;
        if (tries === MAX_TRIES || !isWorthRetrying(error)) {
          const { regarding, description: { reason } } = series;
          const what = { regarding, reason, error };
          if (error instanceof ApiError && error.isForbidden && !isQuiet(error)) {
            return log.warn(
              "Cannot write an event: grant 'create' and 'patch' on events of 'events.k8s.io' to the account",
              what,
            );
          }
          return log[isQuiet(error) ? "debug" : "warn"]("Cannot write an event", what);
        }
        await clock.sleep(tries === 1 ? RETRY_MS * random() : RETRY_MS, signal);
      }
    }
  }

  async #send(series: Series, signal: AbortSignal): Promise<void> {
    if (series.written === 0) await this.#create(series, signal);
    if (series.written === series.count) return;
    try {
      await this.#raiseCount(series, signal);
    } catch (error) {
      if (!(error instanceof ApiError && error.isNotFound)) throw error;
      // Events live for an hour by default, and anybody may delete them.
      series.name = this.#options.names.nextName(series.regarding, this.#options.clock.now());
      await this.#create(series, signal);
      await this.#raiseCount(series, signal);
    }
  }

  async #create(series: Series, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.client.resource(EVENTS).create(eventBody(series, this.#options), {
        signal,
      });
    } catch (error) {
      // The name is ours alone, so an earlier try got through without its answer.
      if (!(error instanceof ApiError && error.isAlreadyExists)) throw error;
    }
    series.written = 1;
  }

  async #raiseCount(series: Series, signal: AbortSignal): Promise<void> {
    const { count, lastMs, name, regarding } = series;
    const events = this.#options.client.resource(EVENTS, regarding.namespace ?? "default");
    const patch = { series: { count, lastObservedTime: microTime(lastMs) } };
    await events.mergePatch(name, patch, { signal });
    series.written = count;
  }
}

/** A refusal stays one; no answer, a busy or a broken server may pass. */
function isWorthRetrying(error: unknown): boolean {
  if (error instanceof TransportError) return true;
  return error instanceof ApiError && (error.isTooManyRequests || error.status >= 500);
}

/** In a namespace that is going or gone nobody reads events. */
function isQuiet(error: unknown): boolean {
  return error instanceof ApiError && (error.isNamespaceTerminating || error.isNotFound);
}
