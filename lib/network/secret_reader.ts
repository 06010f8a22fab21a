/** Reads Secrets by name. They are never listed or watched, so that the controller needs no right to see all of them. */

import type { Secret } from "kubernetes-types/core/v1.d.ts";
import { type KubeClient, SECRETS, type Stored } from "../kube/mod.ts";
import type { Clock } from "../time/mod.ts";

/** How old an answer may be, in ms, in a cluster of few networks: how late a changed Secret is noticed at most. */
const MAX_AGE_MS = 30_000;
/** Time between two reads of the Secrets of networks at rest, in ms, however many networks there are. */
const BETWEEN_READS_MS = 100;
/** Secrets of a network. */
const SECRETS_EACH = 2;

/** How old an answer may be, in ms: older with many networks, for a thousand of them are not to read all the time. */
export function maxAgeMs(networks: number): number {
  return Math.max(MAX_AGE_MS, networks * SECRETS_EACH * BETWEEN_READS_MS);
}

/** Up to this share of an age is taken away: what was read at once, at the start, is not read at once for ever. */
const JITTER = 0.5;

/** How much longer an answer serves where somebody waits, in ms; whoever comes next reads. */
const GRACE_MS = 30_000;

interface Answer {
  readonly secret: Stored<Secret> | undefined;
  /** Until when it counts, in monotonic ms. */
  readonly until: number;
}

/** How a Secret is asked for. */
export interface ReadOptions {
  /** Whether somebody waits for what is done with it, such as a person who wants another number of nodes: an older answer serves. */
  readonly isUrgent: boolean;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** What a {@linkcode SecretReader} is made of. */
export interface SecretReaderOptions {
  /** Namespace of the Secrets. */
  readonly namespace: string;
  /** Time source. */
  readonly clock: Clock;
  /** How old an answer may be, in ms. */
  readonly maxAgeMs: () => number;
  /** Random number from 0 up to 1. */
  readonly random: () => number;
}

/** Remembers the Secrets of one namespace for a while. */
export class SecretReader {
  readonly #client: KubeClient;
  readonly #options: SecretReaderOptions;
  readonly #answers = new Map<string, Answer>();

  /** Nothing is read yet. */
  constructor(client: KubeClient, options: SecretReaderOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** The Secret if it was read or written a short while ago. A missing one may come at any moment, and somebody waits for it. */
  known(name: string, { isUrgent }: Pick<ReadOptions, "isUrgent">): Stored<Secret> | undefined {
    const answer = this.#answers.get(name);
    const now = this.#options.clock.monotonic() - (isUrgent ? GRACE_MS : 0);
    return answer && now < answer.until ? answer.secret : undefined;
  }

  /** The Secret, or `undefined` if there is none. */
  async get(name: string, options: ReadOptions): Promise<Stored<Secret> | undefined> {
    const known = this.known(name, options);
    if (known) return known;
    const secrets = this.#client.resource(SECRETS, this.#options.namespace);
    return this.remember(name, await secrets.find(name, { signal: options.signal }));
  }

  /** Takes note of a Secret that was just read or written; the same version of it stays the same object. */
  remember(name: string, secret: Stored<Secret> | undefined): Stored<Secret> | undefined {
    const before = this.#answers.get(name)?.secret;
    const isSame = before !== undefined && before.metadata.uid === secret?.metadata.uid &&
      before.metadata.resourceVersion === secret.metadata.resourceVersion;
    const { clock, maxAgeMs, random } = this.#options;
    const until = clock.monotonic() + maxAgeMs() * (1 - JITTER * random());
    const kept = isSame ? before : secret && inBrief(secret);
    this.#answers.set(name, { secret: kept, until });
    return kept;
  }

  /** Forgets a Secret that is of no use: it may be mended at any moment, and somebody waits for it. */
  forget(name: string): void {
    this.#answers.delete(name);
  }
}

/** Nobody reads the managed fields, which are most of it. */
function inBrief(secret: Stored<Secret>): Stored<Secret> {
  const { managedFields: _unread, ...metadata } = secret.metadata;
  return { ...secret, metadata };
}
