/** A table of faults: what they cost, and how long it took until all was well again. */

/** One fault. */
export interface FaultRow {
  /** What went wrong. */
  readonly fault: string;
  /** Requests that were sent while it lasted. */
  readonly requests: number;
  /** How often a list or a watch failed. */
  readonly failures: number;
  /** From the end of the fault until all was well, in ms. */
  readonly convergedMs: number;
}

/** Collects rows, and prints them. */
export class FaultTable {
  readonly #rows: FaultRow[] = [];

  /** Adds a row. */
  add(row: FaultRow): void {
    this.#rows.push(row);
  }

  /** Prints what was collected; nothing if there is nothing. */
  print(): void {
    if (this.#rows.length === 0) return;
    const width = Math.max(...this.#rows.map(({ fault }) => fault.length));
    const lines = this.#rows.map(({ fault, requests, failures, convergedMs }) =>
      `${fault.padEnd(width)} ${String(requests).padStart(9)} ${String(failures).padStart(9)} ` +
      `${(convergedMs / 1000).toFixed(2).padStart(10)}`
    );
    const head = `${"fault".padEnd(width)}  requests  failures converged/s`;
    // deno-lint-ignore no-console -- a table of figures is for the person at the terminal
    console.log([head, ...lines].join("\n"));
  }
}
