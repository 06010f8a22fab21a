/** Times as the Kubernetes API and bitcoind write them, in UTC. */

/** `2026-01-01T00:00:00Z`: both keep whole seconds. */
export function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** `2026-01-01T00:00:00.000000Z`: what the API calls a MicroTime. */
export function microTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}
