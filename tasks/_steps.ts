/** Runs commands one after the other and shows how far it is: live on a terminal, line by line in a pipe. */

import type { ProgramInput, Ran } from "./_program.ts";

/** One command. */
export interface Step extends ProgramInput {
  /** What it does, for people: `Create the cluster`. */
  readonly title: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** What it is a part of, if it goes on without that, and how; if absent, a failure is the end. */
  readonly optional?: { readonly part: string; readonly otherwise: string };
  /** What else to tell when it fails. */
  readonly hint?: string;
  /** Commands whose output tells why it failed. */
  readonly diagnose?: readonly (readonly string[])[];
}

/** Runs one command to its end. It throws when it is interrupted, and ends the command. */
export type RunCommand = (command: readonly string[], input?: ProgramInput) => Promise<Ran>;

/** Where progress goes. */
export interface ProgressIo {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
}

/** Begins a line anew, and clears it. */
const REWIND = "\r\x1b[K";
/** How often a running step's time is shown, in ms. */
const TICK_MS = 1_000;
/** Lines of a command's output that an error shows. */
const SHOWN_LINES = 30;

/**
 * Runs the steps. When one that is optional fails, that is noted, and the rest of its part is left out.
 *
 * @throws {Error} if another one fails; it says what the command said, and what its diagnosis says
 * @throws what a command throws, such as the signal's reason once it is aborted
 */
export async function runSteps(
  steps: readonly Step[],
  run: RunCommand,
  io: ProgressIo,
  signal: AbortSignal,
): Promise<void> {
  const failed = new Set<string>();
  for (const step of steps) {
    signal.throwIfAborted();
    if (step.optional && failed.has(step.optional.part)) continue;
    const progress = new StepProgress(step.title, io);
    const ran = await run(step.command, step).catch((error) => {
      progress.end(signal.aborted ? "interrupted" : "failed");
      throw error;
    });
    if (ran.ok) {
      progress.end("done");
      continue;
    }
    if (step.optional) {
      failed.add(step.optional.part);
      progress.end(`failed, ${step.optional.otherwise}`);
      continue;
    }
    progress.end("failed");
    throw new Error(await problemOf(step, ran, run));
  }
}

/** The program and its arguments as one would type them. */
export function commandLine(command: readonly string[]): string {
  return command.map((word) => /^[\w./:=@,+-]+$/.test(word) ? word : `'${word}'`).join(" ");
}

async function problemOf(step: Step, ran: Ran, run: RunCommand): Promise<string> {
  const { title, command, hint, diagnose = [] } = step;
  const said = lastLines(ran.stderr.trim() || ran.stdout.trim());
  const parts = [
    `Cannot ${lowerFirst(title)}: \`${commandLine(command)}\` ended with ${ran.code}`,
    said,
  ];
  for (const look of diagnose) {
    const { stdout, stderr } = await run(look);
    parts.push(`$ ${commandLine(look)}`, lastLines((stdout || stderr).trim()));
  }
  return [...parts, hint].filter(Boolean).join("\n");
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function lastLines(text: string): string {
  return text.split("\n").slice(-SHOWN_LINES).join("\n");
}

/** The line of one step. */
class StepProgress {
  readonly #title: string;
  readonly #io: ProgressIo;
  readonly #start = performance.now();
  readonly #timer: ReturnType<typeof setInterval> | undefined;

  constructor(title: string, io: ProgressIo) {
    this.#title = title;
    this.#io = io;
    if (io.isTerminal) {
      this.#show();
      this.#timer = setInterval(() => this.#show(), TICK_MS);
    } else {
      io.write(`${title} …\n`);
    }
  }

  end(how: string): void {
    clearInterval(this.#timer);
    const text = `${how} (${this.#seconds} s)\n`;
    this.#io.write(this.#io.isTerminal ? `${REWIND}${this.#title}: ${text}` : `  ${text}`);
  }

  get #seconds(): number {
    return Math.round((performance.now() - this.#start) / 1000);
  }

  #show(): void {
    this.#io.write(`${REWIND}${this.#title} … ${this.#seconds} s`);
  }
}
