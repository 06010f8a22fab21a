/** Says, to whoever runs the controller outside the cluster, that pods cannot be reached from there. */

import { getLogger } from "@logtape/logtape";
import type { Reach, ReachObserver } from "../../network/mod.ts";
import { type Clock, systemClock } from "../../time/mod.ts";

const logger = getLogger(["bitcoin-controller", "cli"]);

/** How long all nodes must have been mute, in ms: several polls, so that it is no accident. */
const PATIENCE_MS = 10_000;

/** Says it once, or never when a node of any network has answered before. */
export class OutsideHint implements ReachObserver {
  readonly #clock: Clock;
  #muteSince: number | undefined;
  #isOver = false;

  /** Has nothing to say yet. */
  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** The nodes of a network were asked. */
  polled(network: string, reach: Reach): void {
    if (this.#isOver) return;
    this.#muteSince ??= this.#clock.monotonic();
    const isLong = this.#clock.monotonic() - this.#muteSince >= PATIENCE_MS;
    this.#isOver = reach === "answered" || isLong;
    if (reach === "answered" || !isLong) return;
    logger.warn(
      "Pods are Ready and none of their nodes answers: this program runs outside the cluster, and pod addresses cannot be reached from here. Networks are created, changed and deleted all the same; but their nodes are not linked, and no network becomes Ready",
      {
        network,
        remedy: "run it in the cluster, or where pod addresses have a route: docs/install.md",
      },
    );
  }
}
