/** What is known of the entries under which the nodes of one network were dialled. */

import type { Clock } from "../time/mod.ts";
import { ordinalOf, serviceName } from "./names.ts";

/** How long an entry that led to somebody else is not used, in ms: name servers keep an answer for half a minute. */
const MISLEADING_MS = 60_000;

/** Entries of added lists that are, or were, those of a network. */
export class KnownEntries {
  readonly #network: string;
  readonly #clock: Clock;
  readonly #known = new Set<string>();
  /** Until when an entry is not used, in ms of monotonic time. */
  readonly #misleading = new Map<string, number>();

  /** Knows the names of the nodes of `network`, and no address yet. */
  constructor(network: string, clock: Clock) {
    this.#network = network;
    this.#clock = clock;
  }

  /** Notes an entry. */
  add(entry: string): void {
    this.#known.add(entry);
  }

  /** Whether an entry names, or named, a node of the network, wanted or not. */
  isOurs(entry: string): boolean {
    const [pod = "", service] = entry.split(".");
    const isName = service === serviceName(this.#network) &&
      ordinalOf(this.#network, pod) !== undefined;
    return isName || this.#known.has(entry);
  }

  /** Notes that an entry leads to somebody else. */
  noteMisleading(entry: string): void {
    this.#misleading.set(entry, this.#clock.monotonic() + MISLEADING_MS);
  }

  /** Whether any entry did lately: what it is used for changes when the time is over. */
  get hasMisleading(): boolean {
    return [...this.#misleading.keys()].some((entry) => this.isMisleading(entry));
  }

  /** Whether an entry led to somebody else lately. */
  isMisleading(entry: string): boolean {
    const until = this.#misleading.get(entry);
    if (until === undefined) return false;
    if (until > this.#clock.monotonic()) return true;
    this.#misleading.delete(entry);
    return false;
  }
}
