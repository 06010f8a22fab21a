/** The added list of one node: whom it dials again and again. It is in memory only. */

import { numericService } from "./addresses.ts";

/** The list. */
export class AddedNodes {
  readonly #names: string[];

  /** Starts with the nodes of the configuration. */
  constructor(names: readonly string[]) {
    this.#names = [...names];
  }

  /** The names as they were added, in order. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Adds a name; false if it, or another name of the same address and port, is there already. */
  add(name: string): boolean {
    const service = numericService(name);
    const isKnown = this.#names.some((known) =>
      known === name || (service !== undefined && service === numericService(known))
    );
    if (!isKnown) this.#names.push(name);
    return !isKnown;
  }

  /** Removes a name; false if it is not there exactly as it was added. */
  remove(name: string): boolean {
    const index = this.#names.indexOf(name);
    if (index !== -1) this.#names.splice(index, 1);
    return index !== -1;
  }
}
