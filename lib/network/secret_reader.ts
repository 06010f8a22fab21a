/** Reads Secrets by name. They are never listed or watched, so that the controller needs no right to see all of them. */

import type { Secret } from "kubernetes-types/core/v1.d.ts";
import { ApiError, type KubeClient, SECRETS, type Stored } from "../kube/mod.ts";
import type { Clock } from "../time/mod.ts";

/** How old an answer may be, in ms: how late a changed Secret is noticed at most. */
const MAX_AGE_MS = 30_000;

interface Answer {
  readonly secret: Stored<Secret> | undefined;
  readonly at: number;
}

/** Remembers the Secrets of one namespace for half a minute. */
export class SecretReader {
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #clock: Clock;
  readonly #answers = new Map<string, Answer>();

  /** Reads in `namespace`. */
  constructor(client: KubeClient, namespace: string, clock: Clock) {
    this.#client = client;
    this.#namespace = namespace;
    this.#clock = clock;
  }

  /** The Secret if it was read or written a short while ago. A missing one may come at any moment, and somebody waits for it. */
  known(name: string): Stored<Secret> | undefined {
    const answer = this.#answers.get(name);
    return answer && this.#clock.monotonic() - answer.at < MAX_AGE_MS ? answer.secret : undefined;
  }

  /** The Secret, or `undefined` if there is none. */
  async get(name: string, signal: AbortSignal): Promise<Stored<Secret> | undefined> {
    const known = this.known(name);
    if (known) return known;
    const secret = await this.#fetch(name, signal);
    this.remember(name, secret);
    return secret;
  }

  /** Takes note of a Secret that was just written. */
  remember(name: string, secret: Stored<Secret> | undefined): void {
    this.#answers.set(name, { secret: secret && inBrief(secret), at: this.#clock.monotonic() });
  }

  /** Forgets a Secret that is of no use: it may be mended at any moment, and somebody waits for it. */
  forget(name: string): void {
    this.#answers.delete(name);
  }

  async #fetch(name: string, signal: AbortSignal): Promise<Stored<Secret> | undefined> {
    try {
      return await this.#client.resource(SECRETS, this.#namespace).get(name, { signal });
    } catch (error) {
      if (error instanceof ApiError && error.isNotFound) return undefined;
      throw error;
    }
  }
}

/** Nobody reads the managed fields, which are most of it. */
function inBrief(secret: Stored<Secret>): Stored<Secret> {
  const { managedFields: _unread, ...metadata } = secret.metadata;
  return { ...secret, metadata };
}
