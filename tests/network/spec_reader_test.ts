/** When a spec is read anew. */

import assert from "node:assert/strict";
import { SpecReader } from "../../lib/network/spec_reader.ts";
import type { StoredNetwork } from "../../lib/network/resource.ts";
import { network } from "./_samples.ts";

function stored(spec: StoredNetwork["spec"], generation: number): StoredNetwork {
  const { metadata, ...rest } = network(spec);
  return { ...rest, metadata: { ...metadata, generation } };
}

Deno.test("SpecReader.read() reads each generation once", () => {
  const reader = new SpecReader();
  const first = reader.read(stored({ nodes: 3 }, 1));
  assert.equal(first.settings?.nodes, 3);
  assert.equal(reader.read(stored({ nodes: 3 }, 1)), first);
  assert.equal(reader.read(stored({ nodes: 4 }, 2)).settings?.nodes, 4);
});

Deno.test("SpecReader.read() says what is wrong, and has no settings then", () => {
  const { problems, settings } = new SpecReader().read(stored({ nodes: -1 }, 1));
  assert.equal(problems.length, 1);
  assert.equal(settings, undefined);
});
