/** Times as Kubernetes writes them. */

import assert from "node:assert/strict";
import { microTime, rfc3339 } from "../../lib/time/mod.ts";

const MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

Deno.test("rfc3339() keeps whole seconds", () => {
  assert.equal(rfc3339(MS), "2026-01-02T03:04:05Z");
});

Deno.test("microTime() has six decimals", () => {
  assert.equal(microTime(MS), "2026-01-02T03:04:05.678000Z");
});
