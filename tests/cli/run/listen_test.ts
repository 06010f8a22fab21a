import assert from "node:assert/strict";
import { listenAddress, listenOption } from "../../../lib/cli/run/listen.ts";

const GOOD: readonly (readonly [text: string, hostname: string, port: number])[] = [
  [":8080", "", 8080],
  ["0.0.0.0:0", "0.0.0.0", 0],
  ["127.0.0.1:65535", "127.0.0.1", 65_535],
  ["localhost:1", "localhost", 1],
  ["[::1]:8080", "::1", 8080],
  ["[::]:8080", "::", 8080],
];

for (const [text, hostname, port] of GOOD) {
  Deno.test(`listenOption() reads '${text}'`, () => {
    assert.deepEqual(listenOption(text), { hostname, port });
  });
}

for (const text of ["", "8080", ":", ":65536", "::1:8080", "[::1]", "http://a:1", "a:-1", "OFF"]) {
  Deno.test(`listenOption() refuses '${text}'`, () => {
    assert.throws(() => listenOption(text), /It must be HOST:PORT/);
  });
}

Deno.test("listenAddress() is :8080 in a pod, nowhere elsewhere, and what is asked for in both", () => {
  const asked = { hostname: "127.0.0.1", port: 1 };
  assert.deepEqual(listenAddress(undefined, { isInCluster: true }), { hostname: "", port: 8080 });
  assert.equal(listenAddress(undefined, {}), undefined);
  for (const isInCluster of [true, false]) {
    assert.equal(listenAddress("off", { isInCluster }), undefined);
    assert.deepEqual(listenAddress(asked, { isInCluster }), asked);
  }
});
