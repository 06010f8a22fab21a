/** Random numbers that come again with their seed. */

/** Makes a function that returns numbers from 0 up to 1, always the same ones for a seed (xorshift32). */
export function seededRandom(seed: number): () => number {
  // Spread, for seeds are small numbers; and zero is the one state that xorshift never leaves.
  let state = (Math.imul(seed + 1, 0x9e3779b1) >>> 0) || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** One of the elements. */
export function pick<T>(random: () => number, elements: readonly T[]): T {
  const element = elements[Math.floor(random() * elements.length)];
  if (element === undefined) throw new RangeError("Cannot pick one of nothing");
  return element;
}

/** The seed in an environment variable, or a new one. */
export function seedFrom(variable: string): number {
  const text = Deno.env.get(variable);
  return text === undefined ? Math.floor(Math.random() * 1e9) : Number(text);
}
