/** What the spec of a network asks for, worked out once for each generation of it. */

import type { StoredNetwork } from "./resource.ts";
import { problemsOf, type Settings, settingsOf } from "./validation.ts";

/** What one generation of a spec asks for. */
export interface ReadSpec {
  /** What is wrong with it, for the person who wrote it; empty if nothing is. */
  readonly problems: readonly string[];
  /** The spec with its defaults; absent if something is wrong with it. */
  readonly settings: Settings | undefined;
}

/** Reads the specs of one network. */
export class SpecReader {
  #generation: number | undefined;
  #spec: ReadSpec | undefined;

  /** What the spec of `network` asks for. */
  read(network: StoredNetwork): ReadSpec {
    const { generation } = network.metadata;
    if (!this.#spec || generation === undefined || generation !== this.#generation) {
      this.#spec = readSpec(network);
      this.#generation = generation;
    }
    return this.#spec;
  }
}

function readSpec(network: StoredNetwork): ReadSpec {
  const problems = problemsOf(network);
  return { problems, settings: problems.length > 0 ? undefined : settingsOf(network) };
}
