import assert from "node:assert/strict";

import {
  base64Problem,
  canonicalTime,
  timeProblem,
} from "../../../lib/embedded/schema/_scalars.ts";

const TIMES: readonly (readonly [text: string, micro: boolean, canonical: string])[] = [
  ["2026-01-01T00:00:00Z", false, "2026-01-01T00:00:00Z"],
  ["2026-01-01T01:30:00.9+01:30", false, "2026-01-01T00:00:00Z"],
  ["2026-01-01T00:00:00.123456Z", true, "2026-01-01T00:00:00.123456Z"],
  ["2026-01-01T01:00:00.000001+01:00", true, "2026-01-01T00:00:00.000001Z"],
];

for (const [text, micro, canonical] of TIMES) {
  Deno.test(`canonicalTime() writes ${text} as ${canonical}`, () => {
    assert.equal(timeProblem(text, micro), undefined);
    assert.equal(canonicalTime(text, micro), canonical);
  });
}

const LAYOUT = '"2006-01-02T15:04:05Z07:00"';

const WRONG: readonly (readonly [text: string, problem: string])[] = [
  ["", `parsing time "" as ${LAYOUT}: cannot parse "" as "2006"`],
  ["2026", `parsing time "2026" as ${LAYOUT}: cannot parse "" as "-"`],
  [
    "2026-01-01 00:00:00Z",
    `parsing time "2026-01-01 00:00:00Z" as ${LAYOUT}: cannot parse " 00:00:00Z" as "T"`,
  ],
  [
    "2026-01-01T00:00:00",
    `parsing time "2026-01-01T00:00:00" as ${LAYOUT}: cannot parse "" as "Z07:00"`,
  ],
];

for (const [text, problem] of WRONG) {
  Deno.test(`timeProblem() names the first part of '${text}' that does not fit`, () => {
    assert.equal(timeProblem(text, false), problem);
  });
}

Deno.test("base64Problem() names the first byte that does not fit", () => {
  assert.equal(base64Problem("AQI=\n"), undefined);
  assert.equal(base64Problem("AQ*="), "illegal base64 data at input byte 2");
  assert.equal(base64Problem("AQIDA"), "illegal base64 data at input byte 4");
});
