/** The warnings an API server attaches to its answers, such as for unknown fields. */

/** How many different warnings are remembered; then it starts afresh, so that memory stays bounded. */
const MAX_REMEMBERED = 1000;

/** The texts of a `Warning` header (RFC 7234, 5.5: `299 - "text"`, separated by commas). */
export function parseWarnings(header: string): string[] {
  // Quoted text may hold commas and escaped quotes.
  const texts = header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g);
  return Array.from(texts, ([, text = ""]) => text.replace(/\\(.)/g, "$1"));
}

/** Lets each warning through once. */
export class WarningFilter {
  readonly #seen = new Set<string>();

  /** The texts of a header that were not seen before. */
  fresh(header: string | null): string[] {
    if (header === null) return [];
    const texts = parseWarnings(header).filter((text) => !this.#seen.has(text));
    if (this.#seen.size + texts.length > MAX_REMEMBERED) this.#seen.clear();
    for (const text of texts) this.#seen.add(text);
    return texts;
  }
}
