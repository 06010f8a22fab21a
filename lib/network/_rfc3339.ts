/** Times as Kubernetes writes them. */

/** A time in ms since 1970, to the second. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
