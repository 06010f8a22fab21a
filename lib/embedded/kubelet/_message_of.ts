/** What an error says. */

/** The message of an error, or whatever else was thrown as a text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
