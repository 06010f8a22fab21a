/** Runs the steps of a story one after the other and times each. */

import { type Clock, isAbort } from "../../time/mod.ts";

/** One thing that must hold, and what to do to see it. */
export interface Step<World> {
  /** What is done and expected, as a person reads it. */
  readonly name: string;
  /** Acts and looks; returns what was seen, throws what was missing. */
  readonly run: (world: World, signal: AbortSignal) => Promise<string>;
}

/** How a step ended. */
export interface StepResult {
  /** Number of the step, from 1. */
  readonly step: number;
  /** Its name. */
  readonly name: string;
  /** Whether it held. */
  readonly ok: boolean;
  /** How long it took, in ms. */
  readonly durationMs: number;
  /** When it ended, in ms since the start of the program: what a person waited for. */
  readonly endedMs: number;
  /** What was seen, or what was missing. */
  readonly detail: string;
}

/** What the teller of a story needs. */
export interface StoryOptions {
  /** Time source. */
  readonly clock: Clock;
  /** Interrupts the story. */
  readonly signal: AbortSignal;
  /** Called when a step begins. */
  readonly onStart: (step: number, name: string) => void;
  /** Called when a step is over. */
  readonly onEnd: (result: StepResult) => void;
}

/**
 * Runs the steps until one fails: later steps build on earlier ones, so they would say nothing new.
 *
 * @returns a result for each step that was run
 * @throws the signal's reason when interrupted
 */
export async function tellStory<World>(
  steps: readonly Step<World>[],
  world: World,
  { clock, signal, onStart, onEnd }: StoryOptions,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const [index, { name, run }] of steps.entries()) {
    const step = index + 1;
    onStart(step, name);
    const start = clock.monotonic();
    let ok = true;
    let detail: string;
    try {
      detail = await run(world, signal);
    } catch (error) {
      if (isAbort(error, signal)) throw signal.reason;
      ok = false;
      detail = error instanceof Error ? error.message : String(error);
    }
    const end = clock.monotonic();
    const result = {
      step,
      name,
      ok,
      durationMs: Math.round(end - start),
      // The system's monotonic clock starts with the process.
      endedMs: Math.round(end),
      detail,
    };
    results.push(result);
    onEnd(result);
    if (!ok) break;
  }
  return results;
}
