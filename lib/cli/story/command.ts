/** `demo --story`: tells the story on a stage and prints how each step ended. */

import { seconds } from "../_seconds.ts";
import pc from "picocolors";
import { systemClock } from "../../time/mod.ts";
import type { Stage } from "../demo/stage.ts";
import type { CommandIo } from "../io.ts";
import { STEPS } from "./steps.ts";
import { type StepResult, tellStory } from "./story.ts";
import { DemoNetwork } from "../demo/demo_network.ts";

/** How to tell it. */
export interface StoryCommandOptions {
  /** Print one JSON document at the end instead of lines. */
  readonly json: boolean;
  /** Interrupts the story. */
  readonly signal: AbortSignal;
}

/**
 * Tells the whole story.
 *
 * @throws an Error naming the step that did not hold
 */
export async function runStory(
  io: CommandIo,
  stage: Stage,
  options: StoryCommandOptions,
): Promise<void> {
  const { cluster, client } = stage;
  const world = new DemoNetwork(cluster, client, "story");
  const colors = pc.createColors(io.color);
  // Progress of a run that prints JSON goes to standard error.
  const progress = options.json ? io.err : io.out;
  const results = await tellStory(STEPS, world, {
    clock: systemClock,
    signal: options.signal,
    onStart: (step, name) => {
      if (io.isTerminal && !options.json) io.out(colors.dim(`  …    ${step}. ${name}`));
      else if (step === 1) progress(`${cluster.bitcoind}, ${STEPS.length} steps\n`);
    },
    onEnd: (result) => {
      if (io.isTerminal && !options.json) io.out("\r\x1b[K");
      progress(resultLine(result, colors));
    },
  });
  const failed = results.find(({ ok }) => !ok);
  // performance.now() counts from the start of the process, which is what a person waits for.
  const durationMs = Math.round(performance.now());
  if (options.json) {
    io.out(
      `${
        JSON.stringify(
          { ok: !failed, bitcoind: cluster.bitcoind, durationMs, steps: results },
          null,
          2,
        )
      }\n`,
    );
  }
  if (failed) {
    throw new Error(`Step ${failed.step} of ${STEPS.length} does not hold: ${failed.detail}`);
  }
  progress(
    `all ${STEPS.length} steps hold, ${seconds(durationMs)} since the start of the command\n`,
  );
}

function resultLine(
  { step, name, ok, durationMs, detail }: StepResult,
  colors: ReturnType<typeof pc.createColors>,
): string {
  const mark = ok ? colors.green("ok") : colors.red("FAIL");
  return `${mark}${ok ? "  " : ""} ${seconds(durationMs).padStart(7)}  ${step}. ${name}\n` +
    `                ${colors.dim(detail)}\n`;
}
