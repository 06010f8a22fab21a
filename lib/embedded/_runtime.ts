/** What runs the containers of an embedded cluster. */

import { FakeBitcoinRuntime } from "./bitcoin/mod.ts";
import { type BitcoindChoice, chooseBitcoind, thisMachine } from "./bitcoind_choice.ts";
import { ProcessRuntime, type Runtime } from "./kubelet/mod.ts";

/** A runtime, and what it runs, for people. */
export interface ChosenRuntime {
  readonly runtime: Runtime;
  readonly description: string;
}

/** Takes the given runtime, or makes the one that runs the chosen bitcoind. */
export async function chooseRuntime(
  { runtime, bitcoind = "auto" }: {
    readonly runtime?: Runtime;
    readonly bitcoind?: BitcoindChoice;
  },
): Promise<ChosenRuntime> {
  if (runtime) return { runtime, description: runtime.name };
  const chosen = await chooseBitcoind(bitcoind, thisMachine);
  if (chosen.kind === "fake") {
    return { runtime: new FakeBitcoinRuntime(), description: "fake bitcoind, in this process" };
  }
  const { path, program } = chosen;
  return { runtime: new ProcessRuntime({ path }), description: `bitcoind ${program}` };
}
