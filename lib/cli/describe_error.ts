/** What an error says to the person at the terminal. */

/** The classes that stand for a programmer's mistake (see CONTRIBUTING.md); all others say what happened and what to do. */
const MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError] as const;

/** One line for an error that was to be expected, with its causes; the stack of one that was not. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!MISTAKES.some((mistake) => error instanceof mistake)) return withCauses(error);
  return `${error.stack ?? error.message}\nThis is a bug; please report it with the lines above.`;
}

/** The message and those of its causes, unless a message repeats its cause already. */
function withCauses(error: Error): string {
  const cause = error.cause instanceof Error ? withCauses(error.cause) : "";
  return cause && !error.message.includes(cause) ? `${error.message}: ${cause}` : error.message;
}
