/**
 * Measures ways of doing something beside a reference, in the same run of the same process: absolute figures
 * depend on the machine, the ratio hardly does. A file of this folder exports one {@linkcode Benchmark} and is
 * listed in `main.ts`.
 */

import { cpus } from "node:os";

/** What a file of this folder exports, as `benchmark`. */
export interface Benchmark {
  /** What is measured, in one line for `--help`. */
  readonly about: string;
  /**
   * Prepares what is needed, calls `measure` for each comparison, and tidies up. What is no comparison of two ways
   * to do one thing is printed.
   */
  run(measure: Measure, print: Print, options: BenchmarkOptions): Promise<void>;
}

/** What the person asked for. */
export interface BenchmarkOptions {
  /** How many runs of each count. */
  readonly rounds: number;
  /** Part of the full number of networks, for a quick look: above 0, up to 1. */
  readonly share: number;
}

/** Takes a line of the report. */
export type Print = (line: string) => void;

/** Measures one comparison and prints its table. */
export type Measure = (comparison: Comparison) => Promise<void>;

/** One thing to measure, and what to hold it against. */
export interface Comparison {
  /** Heading of the table. */
  readonly name: string;
  /** What is counted, in the plural: `keys`, `events`. */
  readonly unit: string;
  /** How many of them one run handles; choose it so that a run takes 50 ms or more. */
  readonly count: number;
  /** What is measured. */
  readonly subject: Contender;
  /** The plainest code that does the same work, or the part of it that no code can avoid. */
  readonly reference: Contender;
  /** How many a second the subject should reach. */
  readonly targetPerSecond?: number;
}

/** One way of handling `count` units. */
export interface Contender {
  /** First column of the table. */
  readonly name: string;
  /** One run; all of its time counts, so prepare outside. */
  run(): void | Promise<void>;
}

/** How to measure. */
export interface MeasureOptions {
  /** How many runs of each contender count; one more before them warms up. */
  readonly rounds: number;
  /** Takes the lines of the report. */
  readonly print: Print;
  /**
   * Time in ms.
   *
   * @default {performance.now}
   */
  readonly now?: () => number;
}

/** Median, smallest and largest of some numbers. */
export interface Summary {
  /** The one in the middle; of an even number of them, the mean of the two. */
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Creates the function that measures. The contenders take turns, so that what the machine does besides hits
 * both, and change who is first with every round.
 */
export function measurer(
  { rounds, print, now = () => performance.now() }: MeasureOptions,
): Measure {
  const rate = async (contender: Contender, count: number): Promise<number> => {
    const start = now();
    await contender.run();
    return count / (now() - start) * 1000;
  };
  return async ({ name, unit, count, subject, reference, targetPerSecond }) => {
    const rates = new Map<Contender, number[]>([[reference, []], [subject, []]]);
    for (let round = 0; round <= rounds; round++) {
      const order = round % 2 === 0 ? [reference, subject] : [subject, reference];
      for (const contender of order) {
        const measured = await rate(contender, count);
        if (round > 0) rates.get(contender)?.push(measured);
      }
    }
    const base = summarize(rates.get(reference) ?? []);
    const own = summarize(rates.get(subject) ?? []);
    const rows = [
      [name, `${unit}/s: median`, "min", "max", "ratio"],
      row(reference.name, base, 1),
      row(subject.name, own, own.median / base.median),
    ];
    for (const line of table(rows)) print(line);
    if (targetPerSecond !== undefined) {
      const target = `${grouped(targetPerSecond)} ${unit}/s`;
      print(verdict(target, own.median >= targetPerSecond));
    }
    print("");
  };
}

/** Says what the figures were measured with. */
export function machine(): string {
  const { length, [0]: first } = cpus();
  const { deno, v8 } = Deno.version;
  return `${first?.model.trim() || "unknown CPU"}, ${length} cores; Deno ${deno}, V8 ${v8}`;
}

/** Whether a target, named with its unit, was reached: how the line of a figure ends that has one. */
export function verdict(target: string | number, isReached: boolean): string {
  return `target ${target}: ${isReached ? "reached" : "MISSED"}`;
}

/** Sums up some numbers. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted.at(index) ?? Number.NaN;
  const middle = sorted.length / 2;
  return {
    median: (at(Math.ceil(middle) - 1) + at(Math.floor(middle))) / 2,
    min: at(0),
    max: at(-1),
  };
}

/** The value that this part of the values is not above: 0.5 is the median. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.at(Math.ceil(part * sorted.length) - 1) ?? Number.NaN;
}

function row(name: string, { median, min, max }: Summary, ratio: number): string[] {
  return [name, grouped(median), grouped(min), grouped(max), ratio.toFixed(2)];
}

/** Lines of aligned columns: the first to the left, figures to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return rows.map((cells) =>
    cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    }).join("  ")
  );
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
