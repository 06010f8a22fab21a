/** Remembers what was told of the failures of each key, so that it is told once. */

/** How many different failures of a key are told. */
const MAX_TOLD = 5;

/** The failures of keys since each last succeeded: while a server is away, all of them fail again and again for one reason. */
export class ToldFailures<K> {
  readonly #told = new Map<K, Set<string>>();

  /** Whether a failure of `key` is to be told; it is not the next time. */
  isNews(key: K, error: unknown): boolean {
    const told = this.#told.get(key) ?? new Set();
    const isNews = told.size < MAX_TOLD && !told.has(String(error));
    if (isNews) this.#told.set(key, told.add(String(error)));
    return isNews;
  }

  /** Starts `key` over. */
  forget(key: K): void {
    this.#told.delete(key);
  }
}
