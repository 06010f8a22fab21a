/** What `run` consists of, and in which order it starts and stops. */

import type { NetworkController } from "../../network/mod.ts";
import { Manager, type Runnable } from "../../reconcile/mod.ts";
import type { Elector } from "./election.ts";

/** What is run. */
export interface RunParts {
  /** Started first and stopped last: what others look at us by, on every replica. */
  readonly servers?: readonly Runnable[];
  /** The controller. */
  readonly controller: NetworkController;
  /** Says when it is our turn to work; at once and for ever if absent. */
  readonly elector?: Elector | undefined;
}

/**
 * Runs the parts until the signal is aborted or one of them fails. They start in this order, each when those before it
 * are ready, and stop in the reverse one: servers; informers and the recorder of events; election; workers. So every
 * replica serves, and has seen the world before it is its turn, and the lease is given up when the last write is done.
 * A lost lease ends the run at once.
 *
 * @throws the error of the first part that failed
 */
export async function runParts(
  { servers = [], controller, elector }: RunParts,
  signal: AbortSignal,
): Promise<void> {
  const { watching, workers } = controller.parts();
  const election = elector ? [electionOf(elector)] : [];
  await new Manager([servers, watching, election, [workers]]).run(signal);
}

function electionOf(elector: Elector): Runnable {
  return {
    name: "election",
    run: (signal) => elector.run(signal),
    ready: (signal) => elector.elected(signal),
    critical: true,
  };
}
