/** A table of faults: what they cost, and how long it took until all was well again. */

/** One fault. */
export interface FaultRow {
  /** What went wrong. */
  readonly fault: string;
  /** What was counted, one for each heading of the table. */
  readonly counts: readonly number[];
  /** From the end of the fault until all was well, in ms. */
  readonly convergedMs: number;
}

/** Collects rows, and prints them. */
export class FaultTable {
  readonly #headings: readonly string[];
  readonly #rows: FaultRow[] = [];

  /** What is counted for each fault, as headings of columns. */
  constructor(...headings: readonly string[]) {
    this.#headings = headings;
  }

  /** Adds a row. */
  add(row: FaultRow): void {
    this.#rows.push(row);
  }

  /** Prints what was collected. */
  print(): void {
    const width = Math.max(...this.#rows.map(({ fault }) => fault.length));
    const line = (fault: string, cells: readonly string[]): string =>
      [fault.padEnd(width), ...cells.map((cell) => cell.padStart(12))].join(" ");
    const lines = this.#rows.map(({ fault, counts, convergedMs }) =>
      line(fault, [...counts.map(String), (convergedMs / 1000).toFixed(2)])
    );
    const head = line("fault", [...this.#headings, "converged/s"]);
    // deno-lint-ignore no-console -- a table of figures is for the person at the terminal
    console.log([head, ...lines].join("\n"));
  }
}
