import assert from "node:assert/strict";
import {
  readAddedNodeInfo,
  readBlockchainInfo,
  type Reader,
  readNetworkInfo,
  readPeerInfo,
} from "../../lib/rpc/results.ts";
import { RpcTransportError } from "../../lib/rpc/errors.ts";
import { RESULTS } from "./_fixtures.ts";

const READERS: Readonly<Record<string, Reader<unknown>>> = {
  getblockchaininfo: readBlockchainInfo,
  getnetworkinfo: readNetworkInfo,
  getpeerinfo: readPeerInfo,
  getaddednodeinfo: readAddedNodeInfo,
};

for (const [method, read] of Object.entries(READERS)) {
  Deno.test(`the reader of ${method} takes what a real bitcoind answered`, () => {
    assert.equal(read(RESULTS[method]), RESULTS[method]);
  });

  Deno.test(`the reader of ${method} refuses another result, and names the method`, () => {
    for (const result of [null, 7, "text", {}, [{}]]) {
      assert.throws(
        () => read(result),
        (error) =>
          error instanceof RpcTransportError && error.kind === "malformed" &&
          error.message.startsWith(`Cannot read the result of ${method}`),
      );
    }
  });
}

Deno.test("a reader does not look at fields that are not used: warnings may be a list, a text, or missing", () => {
  const used = ["version", "subversion", "networkactive"];
  const info = Object.fromEntries(
    Object.entries(readNetworkInfo(RESULTS.getnetworkinfo)).filter(([key]) => used.includes(key)),
  );
  for (const more of [{}, { warnings: "old" }, { warnings: ["new"] }, { future: 1 }]) {
    assert.equal(readNetworkInfo({ ...info, ...more }).networkactive, true);
  }
});

Deno.test("a reader names the field that is not as expected", () => {
  const [peer] = readPeerInfo(RESULTS.getpeerinfo);
  assert.throws(
    () => readPeerInfo([peer, { ...peer, id: "7" }]),
    /^RpcTransportError: Cannot read the result of getpeerinfo at '\/1\/id': it must be integer$/,
  );
});
