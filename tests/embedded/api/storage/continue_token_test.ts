import assert from "node:assert/strict";
import { Buffer } from "node:buffer";

import {
  decodeContinue,
  encodeContinue,
} from "../../../../lib/embedded/api/storage/continue_token.ts";

Deno.test("encodeContinue() makes the token that a real server made", () => {
  assert.equal(
    encodeContinue(280, "a"),
    "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MjgwLCJzdGFydCI6Ii9hXHUwMDAwIn0",
  );
});

Deno.test("decodeContinue() reads what encodeContinue() wrote", () => {
  assert.deepEqual(decodeContinue(encodeContinue(7, "ns/ä")), { revision: 7, start: "ns/ä\0" });
});

for (
  const [token, problem] of [
    ["xxx", "invalid character 'Ç' looking for beginning of value"],
    ["", "unexpected end of JSON input"],
    ["*", "illegal base64 data at input byte 0"],
    ["W10", "server does not recognize this encoded version"],
    [
      encoded({ v: "meta.k8s.io/v1", rv: 0, start: "/a" }),
      "incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
    ],
    [
      encoded({ v: "meta.k8s.io/v1", rv: 1, start: "a" }),
      "encoded start key empty (version meta.k8s.io/v1)",
    ],
  ] as const
) {
  Deno.test(`decodeContinue() refuses '${token}': ${problem}`, () => {
    assert.throws(
      () => decodeContinue(token),
      new SyntaxError(`continue key is not valid: ${problem}`),
    );
  });
}

function encoded(token: unknown): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}
