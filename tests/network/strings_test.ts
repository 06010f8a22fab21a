/** One copy of each text. */

import assert from "node:assert/strict";
import { Strings } from "../../lib/network/strings.ts";

Deno.test("Strings.one() returns the text it is given, also after it has forgotten all", () => {
  const strings = new Strings();
  for (let number = 0; number < 120_000; number++) {
    assert.equal(strings.one(`text ${number}`), `text ${number}`);
  }
  assert.equal(strings.one("text 1"), "text 1");
});
