/** Times as people read them. */

/** A time in ms as seconds with one decimal: `1.3 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
