/** Keeps one copy of texts that many nodes say: each answer brings its own, and thousands are remembered. */

/** Texts that are remembered before all are forgotten: some for each of thousands of nodes. */
const MAX_TEXTS = 50_000;

/** One copy of each text. */
export class Strings {
  readonly #known = new Map<string, string>();

  /** The copy of `text` that is kept. */
  one(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_TEXTS) this.#known.clear();
    this.#known.set(text, text);
    return text;
  }
}
