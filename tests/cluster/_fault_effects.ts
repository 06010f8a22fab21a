/** What a client notices of faults: the lists and watches that it begins anew. */

import type { WatchObserver, WatchRestart } from "../../lib/kube/mod.ts";
import type { FaultProxy } from "../support/fault_proxy.ts";

/**
 * What a list or a watch must notice of a fault, sooner or later:
 *
 * - `failure`: it is begun anew
 * - `silence`: the same, but only because nothing comes; a watch that has nothing to tell looks alike
 * - `nothing`: it goes on, or it is chance
 */
export type Effect = "failure" | "silence" | "nothing";

/** Requests that a fault hit. */
export interface Hits {
  /** Name of the fault. */
  readonly fault: string;
  /** Whether watches are meant, or what is none. */
  readonly watch: boolean;
  /** How many requests of the proxy came before those that are meant. */
  readonly since: number;
}

interface Restart {
  readonly resource: string;
  readonly why: WatchRestart;
  /** How many requests had come to the proxy. */
  readonly asked: number;
}

/** Writes down what is begun anew, in its order with the requests of a proxy. */
export class Restarts implements WatchObserver {
  readonly #proxy: FaultProxy;
  readonly #all: Restart[] = [];

  /** Begins with nothing. */
  constructor(proxy: FaultProxy) {
    this.#proxy = proxy;
  }

  /** How many there were. */
  get count(): number {
    return this.#all.length;
  }

  restarted(resource: string, why: WatchRestart): void {
    this.#all.push({ resource, why, asked: this.#proxy.requests.length });
  }

  /**
   * Whether a request that was hit had this effect. What was begun anew before the hit, such as a watch that the test
   * cut, is no effect of it.
   */
  show(effect: Effect, { fault, watch, since }: Hits): boolean {
    if (effect === "nothing") return true;
    const after = this.#all.filter(({ why }) => effect === "silence" || why !== "silent");
    return this.#proxy.requests.some((request, number) =>
      number >= since && request.fault === fault && request.watch === watch &&
      after.some(({ resource, asked }) =>
        asked > number && pathOf(request.target).endsWith(`/${resource}`)
      )
    );
  }
}

function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? "";
}
