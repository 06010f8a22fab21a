/** A link between two nodes, and what everything that handles links needs. Pure. */

/** A link between two nodes, by their ordinals; the lower one comes first. */
export type Edge = readonly [low: number, high: number];

/** Every node linked to every other one. */
export function fullMesh(nodes: number): Edge[] {
  return ordinals(nodes).flatMap((high) => ordinals(high).map((low): Edge => [low, high]));
}

/** The edge between two nodes. */
export function edgeOf(one: number, other: number): Edge {
  return one < other ? [one, other] : [other, one];
}

/** Name of the edge between two nodes, to find it by. */
export function edgeKey(one: number, other: number): string {
  return one < other ? `${one}-${other}` : `${other}-${one}`;
}

/** The ordinals of so many nodes; none of a negative number. */
export function ordinals(count: number): number[] {
  return Array.from({ length: Math.max(0, count) }, (_, ordinal) => ordinal);
}
