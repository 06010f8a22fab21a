/** How a node starts and ends. */

import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { type Case, link, mine, oneTip, pair, peersOf } from "./_world.ts";

/** Configurations that are refused: bitcoin.conf, arguments, what is said. */
const REFUSED: readonly [conf: string | undefined, args: readonly string[], said: RegExp][] = [
  [
    "regtest=1",
    ["-conf=/bitcoin.conf", "-datadir=/data", "-nosuch=1"],
    /Invalid parameter -nosuch=1/,
  ],
  [
    undefined,
    ["-regtest", "-datadir=/data", "-conf=/bitcoin.conf"],
    /Error reading configuration file: specified config file "\/bitcoin\.conf" could not be opened\./,
  ],
  [
    "regtest=1\ndatadir=/data/nosuch",
    ["-conf=/bitcoin.conf"],
    /Error reading configuration file: specified data directory ".*\/nosuch" does not exist\./,
  ],
  [
    "regtest=1",
    ["-conf=/bitcoin.conf", "-datadir=/data/nosuch"],
    /^Error: Specified data directory ".*\/nosuch" does not exist\./,
  ],
  [
    "regtest=1\nrpcport=1\nbind=127.0.0.1",
    ["-conf=/bitcoin.conf", "-datadir=/data"],
    /^Error: Config setting for -bind only applied on regtest network when in \[regtest\] section\.\nConfig setting for -rpcport only applied on regtest network when in \[regtest\] section\.\n/,
  ],
  [
    "chain=regtest",
    ["-regtest", "-conf=/bitcoin.conf", "-datadir=/data"],
    /Invalid combination of -regtest, -signet, -testnet, -testnet4 and -chain\. Can use at most one\./,
  ],
  [
    "regtest=1\nfoo",
    ["-conf=/bitcoin.conf", "-datadir=/data"],
    /parse error on line 2: foo\n/,
  ],
  [
    "regtest=1\n-server=1",
    ["-conf=/bitcoin.conf", "-datadir=/data"],
    /parse error on line 2: -server=1, options in configuration file must be specified without leading -/,
  ],
  [
    "regtest=1\nnolisten",
    ["-conf=/bitcoin.conf", "-datadir=/data"],
    /parse error on line 2: nolisten, if you intended to specify a negated option, use nolisten=1 instead/,
  ],
  [
    "regtest=1",
    ["-conf=/bitcoin.conf", "-datadir=/data", "foo"],
    /Command line contains unexpected token 'foo', see bitcoind -h for a list of options\./,
  ],
  [
    "regtest=1",
    ["-conf=/bitcoin.conf", "-datadir=/data", "-uacomment=a(b", "-server=0", "-listen=0"],
    /User Agent comment \(a\(b\) contains unsafe characters\./,
  ],
];

/** Cases about processes. */
export const PROCESS_CASES: readonly Case[] = [
  {
    name: "does not start with a configuration that cannot be used, and says why",
    async run(subject) {
      for (const [conf, args, said] of REFUSED) {
        const { exitCode, output } = await subject.refuse(conf, ...args);
        assert.match(output, said);
        assert.equal(exitCode, 1, output);
      }
    },
  },
  {
    name: "starts in spite of an unknown name in the file, and with negated options",
    async run(subject) {
      const config = ["nosuchname=1", "nopeerbloomfilters=1", "[nosuchsection]", "a=1"];
      await using node = await subject.start({ config });
      assert.equal((await node.rpc.getBlockchainInfo()).chain, "regtest");
    },
  },
  {
    name: "ends in peace by SIGTERM, and starts again with its blocks but without its list",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      await link(a, b);
      await a.rpc.addNode(b.p2p, "add");
      const hashes = await mine(a, 3);
      assert.equal(await a.end("SIGTERM"), 0);
      await peersOf(b, (peers) => peers.length === 0);
      await a.restart();
      assert.equal((await a.rpc.getBlockchainInfo()).bestblockhash, hashes[2]);
      assert.deepEqual(await a.rpc.getAddedNodeInfo(), []);
      await mine(a, 1);
      await link(a, b);
      await oneTip(world.nodes, 4);
    },
  },
  {
    name: "answers stop and ends in peace",
    async run(subject) {
      await using node = await subject.start();
      assert.match(String(await node.rpc.call("stop")), /^Bitcoin \w+ stopping$/);
      assert.equal(await node.ended(), 0);
    },
  },
  {
    name: "ends at once by SIGKILL, even frozen, and its peers notice",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      await link(a, b);
      b.freeze();
      const hung = assert.rejects(b.rpc.call("uptime"), { kind: "unreachable" });
      assert.equal(await b.end("SIGKILL"), 137);
      await hung;
      await peersOf(a, (peers) => peers.length === 0);
    },
  },
  {
    name: "has an initial block download behind it once its tip is young enough",
    async run(subject) {
      await using node = await subject.start({ args: ["-maxtipage=86400"] });
      assert.equal((await node.rpc.getBlockchainInfo()).initialblockdownload, true);
      await mine(node, 1);
      await eventually(async () => !(await node.rpc.getBlockchainInfo()).initialblockdownload);
    },
  },
];
