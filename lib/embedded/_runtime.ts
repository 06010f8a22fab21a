/** What runs the containers of an embedded cluster. */

import type { Clock } from "../time/mod.ts";
import { FakeBitcoinRuntime } from "./bitcoin/mod.ts";
import { type BitcoindChoice, chooseBitcoind, thisMachine } from "./bitcoind_choice.ts";
import { ProcessRuntime, type Runtime } from "./kubelet/mod.ts";

/** A runtime, and what it runs, for people. */
export interface ChosenRuntime {
  readonly runtime: Runtime;
  readonly description: string;
}

/** What the choice is made from. */
export interface RuntimeWishes {
  readonly runtime?: Runtime;
  readonly bitcoind?: BitcoindChoice;
}

/**
 * Takes the given runtime, or makes the one that runs the chosen bitcoind.
 *
 * @throws {BitcoindNotFoundError} if a real one is asked for and there is none
 */
export async function chooseRuntime(
  { runtime, bitcoind = "auto" }: RuntimeWishes,
  clock: Clock,
): Promise<ChosenRuntime> {
  if (runtime) return { runtime, description: `containers of '${runtime.name}'` };
  const chosen = await chooseBitcoind(bitcoind, thisMachine);
  if (chosen.kind === "fake") {
    return { runtime: new FakeBitcoinRuntime({ clock }), description: "fake bitcoind" };
  }
  const { path, program } = chosen;
  return { runtime: new ProcessRuntime({ path }), description: `real bitcoind ${program}` };
}
