/** The best chain of what nodes report. */

import assert from "node:assert/strict";
import { chainOf } from "../../lib/network/chain.ts";
import { SILENT_NODE, up } from "./_samples.ts";

Deno.test("chainOf() is undefined when no node answered", () => {
  assert.equal(chainOf([]), undefined);
  assert.equal(chainOf([undefined, SILENT_NODE]), undefined);
});

Deno.test("chainOf() takes the chain with the most work, which may be the shorter one", () => {
  const chain = chainOf([up({ height: 9, work: 9 }), up({ height: 5, work: 16 }), SILENT_NODE]);
  assert.deepEqual(chain, { height: 5, tip: "tip-5", forks: 1, isForked: false });
});

Deno.test("chainOf() counts tips, not nodes", () => {
  const chain = chainOf([up({ height: 3 }), up({ height: 3 }), up({ height: 2 })]);
  assert.deepEqual(chain, { height: 3, tip: "tip-3", forks: 1, isForked: false });
});

Deno.test("chainOf() tells a fork from a delay by two blocks of one height", () => {
  const chain = chainOf([up({ height: 3, tip: "a" }), up({ height: 3, tip: "b" })]);
  assert.deepEqual([chain?.forks, chain?.isForked], [1, true]);
  assert.equal(chainOf([up({ height: 3, tip: "a" })])?.isForked, false);
});
