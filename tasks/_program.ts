/** Runs one program to its end. */

import { abortable } from "../lib/time/mod.ts";

/** How a program ended. */
export interface Ran {
  readonly ok: boolean;
  /** Its exit code; 127 if there is no such program. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What it gets besides its arguments. */
export interface ProgramInput {
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads. */
  readonly stdin?: string;
}

/**
 * Runs it with its arguments.
 *
 * @throws the signal's reason if it is aborted; the program is ended
 */
export async function runProgram(
  [program = "", ...args]: readonly string[],
  { env = {}, stdin }: ProgramInput = {},
  signal?: AbortSignal,
): Promise<Ran> {
  try {
    const child = new Deno.Command(program, {
      args,
      env: { ...env },
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
      ...(signal && { signal }),
    }).spawn();
    const output = child.output();
    if (stdin !== undefined) await feed(child.stdin, stdin);
    // What it started itself may hold its output open.
    const { success, code, stdout, stderr } = await abortable(output, signal);
    const decoder = new TextDecoder();
    return { ok: success, code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { ok: false, code: 127, stdout: "", stderr: `${program}: not found` };
  }
}

/** A program that ends before it has read everything says itself why. */
async function feed(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** Why it failed, in one line. */
export function complaintOf({ code, stdout, stderr }: Ran): string {
  if (code === 127) return "not found";
  const said = (stderr.trim() || stdout.trim()).split("\n").at(-1);
  return said || `it ends with ${code}`;
}
