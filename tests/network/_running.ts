/** The controller as it runs, in virtual time. */

import assert from "node:assert/strict";
import { NetworkController } from "../../lib/network/mod.ts";
import { settle } from "../support/fake_clock.ts";
import type { Rig } from "./_rig.ts";

/** How long a run may hash, in real ms, while a node hangs; otherwise as long as it likes. */
const HASHING_MS = 150;

/** The controller itself, in the world of a rig. */
export class Running implements AsyncDisposable {
  readonly rig: Rig;
  readonly controller: NetworkController;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(rig: Rig, namespaces?: readonly string[]) {
    this.rig = rig;
    this.controller = new NetworkController({
      client: rig.cluster.client,
      clock: rig.clock,
      random: () => 0.5,
      rpcFetch: rig.rpcFetch,
      ...(namespaces && { namespaces }),
    });
    this.#running = this.controller.run(this.#stop.signal);
  }

  /** Lets time pass and all work be done. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left >= 0; left -= 100) {
      await this.#work();
      await this.rig.clock.advance(Math.min(100, left));
    }
    await this.#work();
  }

  /** Waits for all work that needs no time. */
  async #work(): Promise<void> {
    let isIdle = false;
    await settle();
    this.controller.idle().then(() => isIdle = true);
    await settle();
    const nodes = [...this.rig.nodes.values()];
    const patience = performance.now() + HASHING_MS;
    // A run that waits for a node takes virtual time, and one that hashes takes real time: they look the same from here.
    while (
      !isIdle && !(performance.now() > patience && nodes.some(({ isWaitedFor }) => isWaitedFor))
    ) {
      await settle();
    }
    await settle();
  }

  /** Brings networks up and to rest. */
  async bringUp(names: readonly string[] = ["net"]): Promise<void> {
    for (const name of names) this.rig.wish({}, name);
    await this.pass(500);
    for (const name of names) this.rig.cluster.runPods(name, this.rig.of(name).model);
    await this.pass(21_000);
    for (const name of names) assert.equal(this.rig.condition("Ready", name), "True/Ready");
    // The last poll is over, and the next one is not near.
    const { polls } = this.rig.of().nodes;
    for (polls.length = 0; polls.length === 0;) await this.pass(100);
    this.rig.forget();
  }

  /** How many polls of the first node a change causes at once. */
  async pollsAfter(change: () => void): Promise<number> {
    this.rig.of().nodes.polls.length = 0;
    change();
    await this.pass(300);
    return this.rig.of().nodes.polls.filter((ordinal) => ordinal === 0).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
