/** What `run` consists of, and in which order it starts and stops. */

import type { NetworkController } from "../../network/mod.ts";
import { Manager, type Runnable } from "../../reconcile/mod.ts";

/** What is run. */
export interface RunParts {
  /** Started first and stopped last: what others look at us by, on every replica. */
  readonly servers?: readonly Runnable[];
  /** The controller. */
  readonly controller: NetworkController;
}

/**
 * Runs the parts until the signal is aborted or one of them fails. They start in this order, each when those before it
 * are ready, and stop in the reverse one: servers; events and informers; workers.
 *
 * @throws the error of the first part that failed
 */
export async function runParts(
  { servers = [], controller }: RunParts,
  signal: AbortSignal,
): Promise<void> {
  const { watching, workers } = controller.parts();
  await new Manager([servers, watching, [workers]]).run(signal);
}
