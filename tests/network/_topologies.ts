/** Topologies for tests: any that a network of some size can have. */

import fc from "fast-check";
import { type Edge, fullMesh } from "../../lib/network/edge.ts";
import type { Topology } from "../../lib/network/topology.ts";

/** Any topology that fits so many nodes. */
export function topologies(nodes: number): fc.Arbitrary<Topology> {
  return fc.oneof(connectedTopologies(nodes), edgeLists(nodes));
}

/** Any topology of so many nodes that links them all. */
export function connectedTopologies(nodes: number): fc.Arbitrary<Topology> {
  const seed = fc.nat();
  return fc.oneof(
    fc.constantFrom<Topology>({ type: "Full" }, { type: "Ring" }, { type: "Line" }),
    fc.nat(Math.max(0, nodes - 1)).map((hub): Topology => ({ type: "Star", hub })),
    ...(nodes < 3 ? [] : [
      fc.record({
        type: fc.constant("Random"),
        degree: fc.integer({ min: 2, max: nodes - 1 }),
        seed,
      }),
    ]),
  );
}

/** Any list of edges, up to those of a full mesh. */
export function edgeLists(nodes: number): fc.Arbitrary<Topology> {
  return fc.subarray<Edge>(fullMesh(nodes)).map((edges): Topology => ({ type: "Edges", edges }));
}
