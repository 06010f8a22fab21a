/** What a poll tells of a node. */

import assert from "node:assert/strict";
import fixture from "../fixtures/bitcoind-rpc.json" with { type: "json" };
import {
  failureReport,
  type NodeReport,
  POLL_CALLS,
  reportOf,
} from "../../lib/network/node_report.ts";
import { MARK, userAgent } from "./_samples.ts";
import { RpcError, type RpcOutcome, RpcTransportError } from "../../lib/rpc/mod.ts";

const EXPECTED = { name: "net-sts-0", mark: MARK };

function networkInfo(subversion = userAgent("net-sts-0")): object {
  return { ...fixture.getnetworkinfo, subversion };
}

/** A fixture has fields for more than one method; which, the names of the calls say. */
function outcomes(changes: Record<string, RpcOutcome> = {}): RpcOutcome[] {
  const results: Record<string, unknown> = { ...fixture, getnetworkinfo: networkInfo() };
  return POLL_CALLS.map(({ method }) => changes[method] ?? { result: results[method] });
}

function messageOf(report: NodeReport): string {
  return report.state === "up" ? "" : report.message;
}

Deno.test("reportOf() reads what a real bitcoind answers", () => {
  const report = reportOf(outcomes(), EXPECTED);
  assert.ok(report.state === "up");
  assert.equal(report.chain.blocks, 101);
  assert.equal(report.network.subversion, "/Satoshi:30.0.0(net-sts-0; network-0123456789)/");
  assert.equal(report.peers[0]?.addr, "127.0.0.1:23146");
  assert.equal(report.added[1]?.connected, false);
});

Deno.test("reportOf() says that a node is starting while it warms up", () => {
  const error = new RpcError("getblockchaininfo", -28, "Loading block index…");
  const report = reportOf(outcomes({ getblockchaininfo: { error } }), EXPECTED);
  assert.equal(report.state, "starting");
  assert.match(messageOf(report), /Loading block index/);
});

Deno.test("reportOf() has nothing to do with a node of another chain", () => {
  const result = { ...fixture.getblockchaininfo, chain: "main" };
  const report = reportOf(outcomes({ getblockchaininfo: { result } }), EXPECTED);
  assert.equal(report.state, "unreachable");
  assert.match(messageOf(report), /chain 'main' instead of 'regtest'/);
});

const OTHERS = [
  ["a namesake of another network", userAgent("net-sts-0", "network-9999999999")],
  ["another node of the network", userAgent("net-sts-1")],
  ["a bitcoind that says nothing of itself", "/Satoshi:30.0.0/"],
] as const;

for (const [who, subversion] of OTHERS) {
  Deno.test(`reportOf() does not take ${who} for the node, though it answers`, () => {
    const result = networkInfo(subversion);
    const report = reportOf(outcomes({ getnetworkinfo: { result } }), EXPECTED);
    assert.ok(report.state === "unreachable" && report.isSomebodyElse);
    assert.match(messageOf(report), /Another bitcoind answers at its address, '\/Satoshi:30/);
  });
}

Deno.test("reportOf() takes an answer that it cannot read for none, and says which", () => {
  const report = reportOf(outcomes({ getpeerinfo: { result: [{ id: "x" }] } }), EXPECTED);
  assert.equal(report.state, "unreachable");
  assert.match(messageOf(report), /getpeerinfo/);
});

Deno.test("failureReport() says what a person can do", () => {
  const cases: [error: unknown, message: RegExp][] = [
    [
      new RpcTransportError("unauthorized", "m", { status: 401 }),
      /refuses the credentials.*delete its pod/,
    ],
    [new RpcTransportError("forbidden", "m", { status: 403 }), /HTTP 403.*delete its pod/],
    [new RpcTransportError("overloaded", "it has too much to do (HTTP 503)"), /too much to do/],
    [new RpcTransportError("timeout", "after 5000 ms"), /^Its RPC does not answer$/],
    [new RpcTransportError("unreachable", "connection refused"), /connection refused/],
    [new RpcError("m", -1, "odd"), /odd/],
    ["a text", /a text/],
  ];
  for (const [error, message] of cases) {
    const report = failureReport(error);
    assert.equal(report.state, "unreachable");
    assert.match(report.message, message);
  }
});
