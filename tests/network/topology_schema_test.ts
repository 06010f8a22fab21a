/** The rules of `spec.topology`: the API server and the controller say the same. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import {
  applyDefaults,
  customKind,
  type JsonObject,
  validateCreate,
} from "../../lib/embedded/schema/mod.ts";
import type { BitcoinNetworkSpec } from "../../lib/network/schema.ts";
import { MAX_LISTED_EDGES } from "../../lib/network/topology_schema.ts";
import { problemsOf } from "../../lib/network/validation.ts";
import { network } from "./_samples.ts";
import { TOPOLOGY_CASES } from "./_topology_cases.ts";
import { topologies } from "./_topologies.ts";

const definition: JsonObject = parse(
  await Deno.readTextFile(new URL("../../manifests/crd.yaml", import.meta.url)),
);
const kind = customKind(definition, "v1");

/** What the embedded API server says of a spec, as `field: message`. */
function refusals(spec: BitcoinNetworkSpec): string[] {
  const object = applyDefaults(kind, JSON.parse(JSON.stringify(network(spec))));
  return validateCreate(kind, object).map(({ field, message }) => `${field}: ${message}`);
}

/** The same without the kind of mistake and the value, which only the API server tells. */
function plain(refusal: string): string {
  return refusal.replace(/: (?:Forbidden|Required value|Invalid value: "object"): /, ": ");
}

for (const { what, spec, refusal } of TOPOLOGY_CASES) {
  Deno.test(`BitcoinNetwork ${refusal ? "refuses" : "takes"} ${what}`, () => {
    assert.deepEqual(refusals(spec), refusal ? [refusal] : []);
    const isRule = !refusal || plain(refusal) !== refusal;
    const problems = problemsOf(network(spec));
    if (isRule) assert.deepEqual(problems, refusal ? [plain(refusal)] : []);
    else assert.notDeepEqual(problems, []);
  });
}

Deno.test("BitcoinNetwork takes every topology that the controller can make edges of", () => {
  const specs = fc.integer({ min: 1, max: 30 }).chain((nodes) =>
    topologies(nodes).map((topology): BitcoinNetworkSpec => ({
      nodes,
      topology: topology.type === "Edges"
        ? { type: "Edges", edges: topology.edges.map((edge) => [...edge]) }
        : topology,
    }))
  );
  fc.assert(
    fc.property(specs, (spec) => {
      assert.deepEqual(problemsOf(network(spec)), []);
      assert.deepEqual(refusals(spec), []);
    }),
    { numRuns: 50 },
  );
});

Deno.test("BitcoinNetwork is refused by the API server and by the controller with the same words", () => {
  const ordinal = fc.nat(6);
  const specs: fc.Arbitrary<BitcoinNetworkSpec> = fc.record({
    nodes: ordinal,
    topology: fc.record({
      type: fc.constantFrom("Full", "Ring", "Star", "Line", "Random", "Edges"),
      hub: ordinal,
      degree: fc.integer({ min: 2, max: 6 }),
      seed: ordinal,
      edges: fc.uniqueArray(fc.array(ordinal, { minLength: 2, maxLength: 2 }), {
        maxLength: 6,
        selector: (edge) => edge.join("-"),
      }),
    }, { requiredKeys: ["type"] }),
  });
  fc.assert(
    fc.property(specs, (spec) => {
      assert.deepEqual(refusals(spec).map(plain).sort(), problemsOf(network(spec)).sort());
    }),
    { numRuns: 1000 },
  );
});

Deno.test("BitcoinNetwork takes as many edges as the list may have", () => {
  const edges = Array.from({ length: MAX_LISTED_EDGES }, (_, number) => [
    Math.floor(number / 50),
    50 + number % 50,
  ]);
  const spec: BitcoinNetworkSpec = { nodes: 100, topology: { type: "Edges", edges } };
  assert.deepEqual(refusals(spec), []);
  assert.deepEqual(problemsOf(network(spec)), []);
});
