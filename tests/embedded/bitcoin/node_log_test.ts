import assert from "node:assert/strict";
import { blockOf, GENESIS } from "../../../lib/embedded/bitcoin/block.ts";
import { logLine, tipText } from "../../../lib/embedded/bitcoin/node_log.ts";

Deno.test("logLine() stamps a line as bitcoind does", () => {
  assert.equal(logLine(Date.UTC(2026, 0, 2, 3, 4, 5, 678), "text"), "2026-01-02T03:04:05Z text");
});

Deno.test("tipText() is bitcoind's line about a new tip", () => {
  const block = blockOf(GENESIS, 1_700_000_000, 1);
  assert.equal(
    tipText(block),
    `UpdateTip: new best=${block.hash} height=1 version=0x20000000 log2_work=2.000000 tx=2 ` +
      "date='2023-11-14T22:13:20Z' progress=1.000000 cache=0.3MiB(1txo)",
  );
});
