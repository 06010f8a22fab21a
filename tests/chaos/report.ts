/** Sums up a run. Pure. */

/** One fault and how it ended. */
export interface Outcome {
  /** Name of the fault. */
  readonly fault: string;
  /** Time until all was well, in ms. */
  readonly healedMs: number;
  /** What was still wrong when the time was over. */
  readonly violations: readonly string[];
}

/** Width of a column of numbers: its longest head and two spaces. */
const COLUMN = "violations".length + 2;

/** A table with a row for each kind of fault, and one for all. */
export function reportOf(outcomes: readonly Outcome[]): string {
  const names = [...new Set(outcomes.map(({ fault }) => fault))].sort();
  const width = Math.max("all faults".length, ...names.map(({ length }) => length));
  const rows = [...names, "all faults"].map((name) => {
    const ours = outcomes.filter(({ fault }) => name === "all faults" || fault === name);
    return row(name.padEnd(width), ours);
  });
  const head = [
    "".padEnd(width),
    ...["count", "p50 ms", "p99 ms", "max ms", "violations"].map((text) => text.padStart(COLUMN)),
  ].join("");
  return [head, ...rows].join("\n");
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const times = outcomes.map(({ healedMs }) => healedMs).toSorted((a, b) => a - b);
  const violations = outcomes.filter((outcome) => outcome.violations.length > 0).length;
  const cells = [
    outcomes.length,
    percentile(times, 0.5),
    percentile(times, 0.99),
    percentile(times, 1),
    violations,
  ];
  return name + cells.map((cell) => String(Math.round(cell)).padStart(COLUMN)).join("");
}

/** The smallest value that at least this share of them does not exceed (nearest rank); 0 if there are none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
