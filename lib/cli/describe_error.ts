/** What an error says to the person at the terminal. */

/** The classes that stand for a programmer's mistake (see CONTRIBUTING.md); all others say what happened and what to do. */
const MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError] as const;

/** One line for an error that was to be expected, with its causes; the stack of one that was not. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!MISTAKES.some((mistake) => error instanceof mistake)) return withCauses(error);
  return `${error.stack ?? error.message}\nThis is a bug; please report it with the lines above.`;
}

/** The message and those of its causes, unless a message repeats what is behind them all already. */
function withCauses(error: Error): string {
  if (!(error.cause instanceof Error) || error.message.includes(innermost(error.cause).message)) {
    return error.message;
  }
  return `${error.message}: ${withCauses(error.cause)}`;
}

function innermost(error: Error): Error {
  return error.cause instanceof Error ? innermost(error.cause) : error;
}
