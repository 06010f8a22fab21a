/** bitcoin.conf, line by line, and which Core an image holds. */

import assert from "node:assert/strict";
import {
  bitcoinConf,
  type BitcoinConfInput,
  majorVersion,
} from "../../../lib/network/objects/bitcoin_conf.ts";
import { rpcAuth } from "../../../lib/rpc/mod.ts";

function confOf(more: Partial<BitcoinConfInput> = {}): string {
  return bitcoinConf({
    rpcauth: "u:s$h",
    image: "bitcoin/bitcoin:30.0",
    mark: "network-0123456789",
    ...more,
  });
}

/** The lines in front of the section and in it, without comments. */
function linesOf(conf: string): { top: string[]; regtest: string[] } {
  const [top = "", regtest = ""] = conf.split("[regtest]\n");
  const lines = (text: string): string[] =>
    text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return { top: lines(top), regtest: lines(regtest) };
}

Deno.test("bitcoinConf() keeps addresses and ports in the section, where bitcoind wants them", () => {
  const { top, regtest } = linesOf(confOf());
  assert.deepEqual(regtest, [
    "connect=0",
    "bind=0.0.0.0",
    "port=18444",
    "rpcbind=0.0.0.0",
    "rpcport=18443",
  ]);
  for (const line of top) {
    assert.doesNotMatch(line, /^(addnode|connect|port|bind|rpcport|rpcbind|wallet)=/);
  }
});

Deno.test("bitcoinConf() has no outside world, no log file, the hash, and a chain that may be old", () => {
  const { top } = linesOf(confOf());
  for (
    const line of [
      "regtest=1",
      "server=1",
      "datadir=/data",
      "rpcauth=u:s$h",
      "rpcallowip=0.0.0.0/0",
      "rpcconnect=127.0.0.1",
      "nodebuglogfile=1",
      "dnsseed=0",
      "fixedseeds=0",
      "discover=0",
      "listenonion=0",
      "natpmp=0",
      "maxtipage=1000000000",
      "fallbackfee=0.0002",
      "uacomment=network-0123456789",
    ]
  ) assert.ok(top.includes(line), line);
});

Deno.test("bitcoinConf() never holds the password", async () => {
  const conf = confOf({ rpcauth: await rpcAuth("u", "the-password", "salt") });
  assert.doesNotMatch(conf, /the-password|rpcpassword/);
});

Deno.test("bitcoinConf() gives directions to the whitelist only where bitcoind knows them", () => {
  const cases: [image: string, whitelist: string][] = [
    ["bitcoin/bitcoin:30.0", "noban,relay,in,out@0.0.0.0/0"],
    ["bitcoin/bitcoin:28.0", "noban,relay,in,out@0.0.0.0/0"],
    ["bitcoin/bitcoin", "noban,relay,in,out@0.0.0.0/0"],
    ["bitcoin/bitcoin:27.2", "noban,relay@0.0.0.0/0"],
    ["bitcoin/bitcoin:26.0", "noban,relay@0.0.0.0/0"],
  ];
  for (const [image, whitelist] of cases) {
    assert.ok(confOf({ image }).includes(`\nwhitelist=${whitelist}\n`), image);
  }
});

Deno.test("majorVersion() reads a tag, and guesses nothing from what is none", () => {
  const cases: [image: string, version: number | undefined][] = [
    ["bitcoin/bitcoin:30.0", 30],
    ["bitcoin/bitcoin:27", 27],
    ["bitcoin/bitcoin:v27.1rc1", 27],
    ["bitcoin/bitcoin:27.1-alpine3.19", 27],
    ["registry.example:5000/bitcoin:26.2", 26],
    ["bitcoin/bitcoin:27.0@sha256:30aa", 27],
    ["bitcoin/bitcoin@sha256:27afbc2e", undefined],
    ["registry.example:5000/bitcoin", undefined],
    ["registry.example:27/bitcoin", undefined],
    ["bitcoin/bitcoin:latest", undefined],
    ["bitcoin/bitcoin:0.21", undefined],
    ["bitcoin/bitcoin:20240101", undefined],
    ["bitcoin/bitcoin", undefined],
  ];
  for (const [image, version] of cases) assert.equal(majorVersion(image), version, image);
});
