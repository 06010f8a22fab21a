/** The parts of a cluster or of a node while they run. */

import { getLogger } from "@logtape/logtape";

import { Manager, type Runnable } from "../reconcile/mod.ts";
import { abortable, type Clock } from "../time/mod.ts";

const logger = getLogger(["bitcoin-controller", "embedded"]);

/** Parts that run. Disposing of them stops them; a failure is told by `ended` alone. */
export interface RunningParts extends AsyncDisposable {
  /** Resolves when they have been stopped; rejects if one has failed, which stops the others. */
  readonly ended: Promise<void>;
}

/** What the parts belong to. */
export interface PartsInit {
  /** What they make up, for people. */
  readonly whole: "cluster" | "node";
  readonly clock: Clock;
}

/**
 * Starts the parts and waits until they are ready.
 *
 * @throws the error of a part that fails meanwhile, or the signal's reason
 */
export async function startParts(
  parts: readonly Runnable[],
  { whole, clock }: PartsInit,
  signal: AbortSignal | undefined,
): Promise<RunningParts> {
  // deno-lint-ignore no-undef -- the linter does not know of this global yet
  await using starting = new AsyncDisposableStack();
  const stop = new AbortController();
  const ended = new Manager([parts], { clock }).run(stop.signal);
  starting.defer(async () => {
    stop.abort(new Error(`The ${whole} is closed`));
    await ended.catch(() => {}); // Whoever waits for `ended` hears of it.
  });
  const ready = Promise.all(parts.map((part) => part.ready?.(stop.signal)));
  await abortable(Promise.race([ready, ended]), signal);
  ended.catch((error) => logger.error("A part failed, all of them stop", { whole, error }));
  const running = starting.move();
  return { ended, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
