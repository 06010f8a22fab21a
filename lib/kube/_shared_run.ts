/** Work that is done once for all who wait for it. */

import { abortable } from "../time/mod.ts";

interface Run<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

/** Joins everybody who comes while a run is under way. */
export class SharedRun<T> {
  readonly #start: (signal: AbortSignal) => Promise<T>;
  #run: Run<T> | undefined;

  /** `start` does the work; it must end soon when its signal is aborted. */
  constructor(start: (signal: AbortSignal) => Promise<T>) {
    this.#start = start;
  }

  /**
   * The result of the run that is under way, or of a new one. A run that nobody waits for any more is aborted, and has
   * ended when the last one is told.
   *
   * @throws the signal's reason when it is aborted, else what the run threw
   */
  async join(signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    const run = this.#run ??= this.#begin();
    run.waiting++;
    try {
      return await abortable(run.result, signal);
    } finally {
      run.waiting--;
      if (run.waiting === 0) await this.#end(run);
    }
  }

  #begin(): Run<T> {
    const stop = new AbortController();
    return { result: this.#start(stop.signal), stop, waiting: 0 };
  }

  async #end(run: Run<T>): Promise<void> {
    if (this.#run === run) this.#run = undefined;
    run.stop.abort();
    // How it ends was told, or is of no interest.
    await run.result.catch(() => {});
  }
}
