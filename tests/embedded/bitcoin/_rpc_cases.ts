/** How calls are answered. */

import assert from "node:assert/strict";
import { RESULTS } from "../../rpc/_fixtures.ts";
import { shapeDifferences } from "./_shape.ts";
import type { TestNode } from "./_subject.ts";
import { ANYONE, type Case, link, oneTip, pair } from "./_world.ts";

/** Methods whose results must have the captured shapes. */
const SHAPED = [
  "getaddednodeinfo",
  "getblockchaininfo",
  "getchaintips",
  "getmempoolinfo",
  "getnetworkinfo",
  "getpeerinfo",
  "uptime",
];

/** Fields that depend on what a node is and which messages went to and fro. */
const VARYING = /\.(bytes(sent|recv)_per_msg\.|warnings\[\])/;

/** Bodies, the HTTP status and the answer as it is, or its error's code. */
const BODIES: readonly [body: string, status: number, answer: string | number][] = [
  ['{"id":1,"method":"getblockcount"}', 200, '{"result":0,"error":null,"id":1}'],
  ['{"method":"getblockcount"}', 200, '{"result":0,"error":null}'],
  [
    '{"jsonrpc":"1.0","id":1,"method":"getblockcount"}',
    200,
    '{"result":0,"error":null,"id":1}',
  ],
  [
    '{"jsonrpc":"2.0","id":"a","method":"getblockcount","params":[]}',
    200,
    '{"jsonrpc":"2.0","result":0,"id":"a"}',
  ],
  [
    '{"jsonrpc":"2.0","id":1,"method":"addnode","params":["1.2.3.4","remove"]}',
    200,
    '{"jsonrpc":"2.0","error":{"code":-24,"message":"Error: Node could not be removed. It has not been added previously."},"id":1}',
  ],
  [
    '{"id":1,"method":"addnode","params":["1.2.3.4","remove"]}',
    500,
    '{"result":null,"error":{"code":-24,"message":"Error: Node could not be removed. It has not been added previously."},"id":1}',
  ],
  [
    '{"id":1,"method":"nosuch"}',
    404,
    '{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":1}',
  ],
  [
    '{"jsonrpc":"2.0","id":1,"method":"nosuch"}',
    200,
    '{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}',
  ],
  [
    '{"jsonrpc":"2.0","id":1}',
    400,
    '{"jsonrpc":"2.0","error":{"code":-32600,"message":"Missing method"},"id":1}',
  ],
  ['{"jsonrpc":"2.0","id":1,"method":3}', 400, -32600],
  ['{"jsonrpc":"2.0","id":1,"method":"uptime","params":3}', 400, -32600],
  ['{"jsonrpc":"2.0","method":"getblockcount"}', 204, ""],
  [
    "broken",
    500,
    '{"result":null,"error":{"code":-32700,"message":"Parse error"},"id":null}',
  ],
  ["7", 500, -32700],
  ["[]", 200, "[]"],
  ['[{"jsonrpc":"2.0","method":"getblockcount"}]', 204, ""],
  [
    '[1,{"jsonrpc":"2.0","id":5,"method":"getblockcount"},{"id":6,"method":"nosuch"}]',
    200,
    '[{"result":null,"error":{"code":-32600,"message":"Invalid Request object"},"id":null},' +
    '{"jsonrpc":"2.0","result":0,"id":5},' +
    '{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":6}]',
  ],
  [
    '{"jsonrpc":"2.0","id":1,"method":"getblockhash","params":{"height":0}}',
    200,
    '{"jsonrpc":"2.0","result":"0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206","id":1}',
  ],
];

/** Calls that are refused. */
const REFUSED: readonly [method: string, params: readonly unknown[], code: number, said: RegExp][] =
  [
    ["nosuch", [], -32601, /^Method not found$/],
    ["addnode", ["a"], -1, /^addnode "node" "command" \( v2transport/],
    ["addnode", ["a", "bad"], -1, /^addnode "node" "command"/],
    [
      "addnode",
      [3, "add"],
      -3,
      /^Wrong type passed:\n\{\n {4}"Position 1 \(node\)": "JSON value of type number is not of expected type string"\n\}$/,
    ],
    ["addnode", ["a", "remove"], -24, /^Error: Node could not be removed/],
    ["getaddednodeinfo", ["a"], -24, /^Error: Node has not been added\.$/],
    ["disconnectnode", [], -32602, /^Only one of address and nodeid should be provided\.$/],
    ["disconnectnode", ["a", 1], -32602, /^Only one of address and nodeid/],
    ["disconnectnode", ["", 7], -29, /^Node not found in connected nodes$/],
    ["disconnectnode", ["1.2.3.4:5"], -29, /^Node not found in connected nodes$/],
    ["setnetworkactive", ["x"], -3, /type string is not of expected type bool/],
    ["getblockhash", [99], -8, /^Block height out of range$/],
    ["getblockhash", [-1], -8, /^Block height out of range$/],
    ["getblockhash", ["0"], -3, /type string is not of expected type number/],
    ["getblockheader", ["ab"], -8, /^hash must be of length 64 \(not 2, for 'ab'\)$/],
    ["getblockheader", ["ab".repeat(32)], -5, /^Block not found$/],
    ["generatetoaddress", [1, "foo"], -5, /^Error: Invalid address$/],
    ["generatetodescriptor", [1, "foo"], -5, /^'foo' is not a valid descriptor function$/],
    ["generatetodescriptor", [1, "raw(51)#xx"], -5, /^Expected 8 character checksum, not 2/],
    ["uptime", [1], -1, /^uptime\n/],
  ];

/** Command lines of bitcoin-cli, the exit status, and what is printed. */
const COMMAND_LINES: readonly [args: string, exitCode: number, output: RegExp][] = [
  ["-regtest getblockcount", 0, /^0\n$/],
  ["getblockhash 0", 0, /^0f9188f13cb7[0-9a-f]{52}\n$/],
  ["addnode 1.2.3.4 add", 0, /^$/],
  ["addnode 1.2.3.4 add", 23, /^error code: -23\nerror message:\nError: Node already added\n$/],
  ["getaddednodeinfo", 0, /^\[\n {2}\{\n {4}"addednode": "1\.2\.3\.4",\n {4}"connected": false,\n/],
  ["getblockhash 99", 8, /^error code: -8\nerror message:\nBlock height out of range\n$/],
  ["getblockhash x", 1, /^error: Error parsing JSON: x\n$/],
  ["nosuch", 89, /^error code: -32601\nerror message:\nMethod not found\n$/],
  ["setnetworkactive true", 0, /^true\n$/],
  ["help nosuch", 0, /^help: unknown command: nosuch\n$/],
  ["", 1, /^error: too few parameters \(need at least command\)\n$/],
  ["-nosuch=1 uptime", 1, /^Error parsing command line arguments: Invalid parameter -nosuch=1\n$/],
];

/** Posts text as it is. */
async function post(
  { ip }: TestNode,
  body: string,
  { password = "password", path = "/" } = {},
): Promise<{ status: number; text: string; headers: Headers }> {
  const authorization = `Basic ${btoa(`user:${password}`)}`;
  const response = await fetch(`http://${ip}:18443${path}`, {
    method: "POST",
    headers: { authorization },
    body,
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** Cases about calls. */
export const RPC_CASES: readonly Case[] = [
  {
    name: "answers requests of either style, in batches and broken",
    async run(subject) {
      await using node = await subject.start();
      for (const [body, status, answer] of BODIES) {
        const got = await post(node, body);
        assert.equal(got.status, status, body);
        if (typeof answer === "string") assert.equal(got.text.trimEnd(), answer, body);
        else assert.equal(JSON.parse(got.text).error.code, answer, body);
      }
    },
  },
  {
    name: "answers wrong credentials, methods and paths without JSON",
    async run(subject) {
      await using node = await subject.start();
      const unauthorized = await post(node, "{}", { password: "wrong" });
      assert.deepEqual([unauthorized.status, unauthorized.text], [401, ""]);
      assert.equal(unauthorized.headers.get("www-authenticate"), 'Basic realm="jsonrpc"');
      const nowhere = await post(node, "{}", { path: "/nowhere" });
      assert.deepEqual([nowhere.status, nowhere.text], [404, ""]);
      const get = await fetch(`http://${node.ip}:18443/`);
      const said = "JSONRPC server handles only POST requests";
      assert.deepEqual([get.status, await get.text()], [405, said]);
    },
  },
  {
    name: "refuses calls with the same codes and words",
    async run(subject) {
      await using node = await subject.start();
      for (const [method, params, code, said] of REFUSED) {
        const call = JSON.stringify({ method, params });
        const { error } = JSON.parse((await post(node, call)).text);
        assert.equal(error?.code, code, call);
        assert.match(error.message, said, call);
      }
    },
  },
  {
    name: "answers bitcoin-cli with the same words and exit codes",
    async run(subject) {
      await using node = await subject.start();
      for (const [line, exitCode, output] of COMMAND_LINES) {
        const ended = await node.cli(...line.split(" ").filter(Boolean));
        assert.equal(ended.exitCode, exitCode, `${line}: ${ended.output}`);
        assert.match(ended.output, output, line);
      }
    },
  },
  {
    name: "returns results of the captured shapes",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      await link(a, b);
      await a.rpc.addNode(b.p2p, "add");
      await a.rpc.generateToDescriptor(3, ANYONE);
      await oneTip(world.nodes, 3);
      for (const method of SHAPED) {
        const differences = shapeDifferences(RESULTS[method], await a.rpc.call(method));
        assert.deepEqual(differences.different, [], method);
        // Another version than the captured one has some fields less and some more.
        if (!subject.isFake) continue;
        for (const paths of [differences.missing, differences.surplus]) {
          assert.deepEqual(paths.filter((path) => !VARYING.test(path)), [], method);
        }
      }
    },
  },
  {
    name: "takes the hash of a password, several users, and comments for its user agent",
    async run(subject) {
      // The password is 'secret' (see tests/rpc/rpc_auth_test.ts).
      const hash = "0123abcd$683ceab4cddacbde73e853325ae4358e4b11d97e01694a4bfca344c194599f72";
      const args = ["-uacomment=net-0", "-uacomment=second"];
      await using node = await subject.start({ config: [`rpcauth=other:${hash}`], args });
      const { subversion } = await node.rpc.getNetworkInfo();
      assert.match(subversion, /^\/Satoshi:\d+\.\d+\.\d+\(net-0; second\)\//);
      const authorization = `Basic ${btoa("other:secret")}`;
      const body = '{"method":"getblockcount"}';
      const url = `http://${node.ip}:18443/`;
      const response = await fetch(url, { method: "POST", headers: { authorization }, body });
      assert.equal((await response.json()).result, 0);
    },
  },
];
