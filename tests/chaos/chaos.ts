/** A run of chaos: one fault after the other, and after each all must be well again. */

import type { BitcoindChoice } from "../../lib/embedded/mod.ts";
import { type Blow, type Fault, pickBlow } from "./faults.ts";
import { Random } from "./random.ts";
import type { Outcome } from "./report.ts";
import { World } from "./world.ts";

/** How long the networks may take to come up at the start, in ms. */
const START_WITHIN_MS = 60_000;

/** What to run. */
export interface ChaosOptions {
  /** Determines which faults come, in which order, to whom. */
  readonly seed: number;
  /** For how long, in ms; the last fault may take longer to heal. */
  readonly durationMs: number;
  /** What the nodes run. */
  readonly bitcoind: BitcoindChoice;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Takes the lines of the protocol. */
  readonly print: (line: string) => void;
}

/**
 * Runs until the time is over, or until something does not heal.
 *
 * @throws {Error} if the networks do not come up, or the controller ends by itself
 */
export async function runChaos(options: ChaosOptions): Promise<readonly Outcome[]> {
  const { seed, durationMs, bitcoind, signal, print } = options;
  const random = new Random(seed);
  await using world = await World.start(bitcoind);
  const controllerFailed = world.controller.exited();
  controllerFailed.catch(() => {});
  const start = performance.now();
  const up = await Promise.race([world.heal(START_WITHIN_MS), controllerFailed]);
  if (up.violations.length > 0) {
    throw new Error(`The networks do not come up: ${up.violations.join("; ")}`);
  }
  print(`${world.cluster.bitcoind}: ${world.names.join(", ")} up after ${sinceText(start)}`);

  const outcomes: Outcome[] = [];
  while (performance.now() - start < durationMs && !signal.aborted) {
    const blow = pickBlow(random);
    const targets = await strike(blow, world, random);
    const withinMs = Math.max(...blow.faults.map((fault) => fault.withinMs));
    const { violations, tookMs } = await Promise.race([world.heal(withinMs), controllerFailed]);
    const fault = nameOf(blow);
    outcomes.push({ fault, healedMs: tookMs, violations });
    world.endUnplugged();
    const end = violations.length === 0
      ? `healed in ${(tookMs / 1000).toFixed(2)} s`
      : "DID NOT HEAL";
    const who = blow.isBlind ? "no controller; " : "";
    print(`${sinceText(start).padStart(8)}  ${who}${targets.join("; ")}: ${end}`);
    if (violations.length > 0) {
      for (const violation of violations) print(`          ${violation}`);
      print(await world.controller.logTail());
      break;
    }
  }
  return outcomes;
}

/** In the report, faults of one kind stand in one row; those that came together in another. */
function nameOf({ faults: [first, second], isBlind }: Blow): string {
  const name = second ? "two at once" : first?.name ?? "";
  return isBlind ? `${name}, no controller` : name;
}

/** Strikes; says whom. */
async function strike(
  { faults, isBlind }: Blow,
  world: World,
  random: Random,
): Promise<readonly string[]> {
  if (isBlind) await world.controller.kill();
  const targets: string[] = [];
  for (const fault of faults) targets.push(await strikeOne(fault, world, random));
  if (isBlind) world.controller.start();
  return targets;
}

/** A fault that cannot be brought about, say because its node is not up, is none. */
async function strikeOne(fault: Fault, world: World, random: Random): Promise<string> {
  try {
    return `${fault.name}: ${await fault.strike(world, random)}`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `${fault.name}: could not be done (${why})`;
  }
}

function sinceText(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(2)} s`;
}
