import assert from "node:assert/strict";

import fc from "fast-check";

import { LineDecoder } from "../../lib/kube/_lines.ts";

const encoder = new TextEncoder();

Deno.test("push() joins a line that is cut inside a character of several bytes", () => {
  const bytes = encoder.encode("ä€😀\n");
  for (let cut = 1; cut < bytes.length; cut++) {
    const decoder = new LineDecoder();
    const lines = [...decoder.push(bytes.slice(0, cut)), ...decoder.push(bytes.slice(cut))];
    assert.deepEqual(lines, ["ä€😀"], `cut after ${cut} bytes`);
  }
});

Deno.test("push() hands out no line that is not complete", () => {
  const decoder = new LineDecoder();
  assert.deepEqual(decoder.push(encoder.encode("one\ntwo\nthr")), ["one", "two"]);
});

Deno.test("push() leaves out empty lines", () => {
  assert.deepEqual(new LineDecoder().push(encoder.encode("\n\r\na\n\n")), ["a"]);
});

Deno.test("push() gives the same lines however the bytes are cut", () => {
  const line = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[\r\n]/.test(text));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(40)), (lines, sizes) => {
      const bytes = encoder.encode(lines.map((text) => `${text}\n`).join(""));
      const decoder = new LineDecoder();
      const seen: string[] = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        seen.push(...decoder.push(bytes.slice(at, at + size)));
        at += size;
      }
      assert.deepEqual(seen, lines);
    }),
  );
});
