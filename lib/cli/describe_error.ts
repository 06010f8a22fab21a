/** What an error says to the person at the terminal. */

/** The classes that stand for a programmer's mistake (see CONTRIBUTING.md); all others say what happened and what to do. */
const MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError] as const;

/** What the operating system says; who catches it says so in better words, and what to do (see CONTRIBUTING.md). */
const SYSTEM = [
  Deno.errors.NotFound,
  Deno.errors.PermissionDenied,
  Deno.errors.NotCapable,
  Deno.errors.IsADirectory,
  Deno.errors.AddrInUse,
  Deno.errors.AddrNotAvailable,
] as const;

/** A failure that the person was told of. */
export class ToldError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "ToldError";
}

/** One line for an error that was to be expected, with its causes; the stack of one that was not. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!MISTAKES.some((mistake) => error instanceof mistake)) return withCauses(error);
  return `${error.stack ?? error.message}\nThis is a bug; please report it with the lines above.`;
}

/** The message and those of its causes, unless a message tells what is behind them all already. */
function withCauses(error: Error): string {
  const { message, cause } = error;
  if (!(cause instanceof Error) || message.includes(innermost(cause).message)) return message;
  if (SYSTEM.some((told) => cause instanceof told)) return message;
  return `${message}: ${withCauses(cause)}`;
}

function innermost(error: Error): Error {
  return error.cause instanceof Error ? innermost(error.cause) : error;
}
