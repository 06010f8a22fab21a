import assert from "node:assert/strict";
import { isWorthALine } from "../../../lib/cli/demo/happenings.ts";

const CASES = [
  ["Normal", "CreatedService", true],
  ["Normal", "Started", true],
  ["Normal", "Pulled", false],
  ["Warning", "BackOff", true],
  // Of a warning even what is routine otherwise.
  ["Warning", "SuccessfulCreate", true],
  ["Warning", "FailedToUpdateEndpoint", false],
  ["Warning", "FailedToUpdateEndpointSlices", false],
] as const;

for (const [type, reason, expected] of CASES) {
  Deno.test(`isWorthALine() ${expected ? "shows" : "leaves out"} ${type} ${reason}`, () => {
    assert.equal(isWorthALine({ type, reason, metadata: {}, eventTime: "" }), expected);
  });
}
