/** What a poll tells of whether nodes can be reached. */

import assert from "node:assert/strict";
import { failureReport, type NodeReport, SILENT } from "../../lib/network/node_report.ts";
import { type Polled, type Reach, reachOf } from "../../lib/network/reach.ts";
import { RpcError, RpcTransportError, type RpcTransportErrorKind } from "../../lib/rpc/mod.ts";
import { Rig } from "./_rig.ts";

function failed(kind: RpcTransportErrorKind): NodeReport {
  return failureReport(new RpcTransportError(kind, kind));
}

const WARMING_UP = failureReport(new RpcError("getblockchaininfo", -28, "Loading block index…"));

const CASES: readonly (readonly [what: string, pods: readonly Polled[], reach?: Reach])[] = [
  ["there is no pod", []],
  ["nothing was asked", [{ isReady: true, report: undefined }]],
  ["a pod that is not Ready is mute", [{ isReady: false, report: SILENT }]],
  ["a Ready pod is silent", [{ isReady: true, report: SILENT }], "mute"],
  ["a Ready pod has no connection", [{ isReady: true, report: failed("unreachable") }], "mute"],
  ["a node warms up", [{ isReady: false, report: WARMING_UP }], "answered"],
  ["a node refuses the password", [{ isReady: true, report: failed("unauthorized") }], "answered"],
  ["a node is overloaded", [{ isReady: true, report: failed("overloaded") }], "answered"],
  ["one of two answers", [
    { isReady: true, report: SILENT },
    { isReady: true, report: failed("forbidden") },
  ], "answered"],
  ["only one of two is Ready", [
    { isReady: false, report: SILENT },
    { isReady: true, report: failed("timeout") },
  ], "mute"],
];

for (const [what, pods, reach] of CASES) {
  Deno.test(`reachOf() says ${reach ?? "nothing"} when ${what}`, () => {
    assert.equal(reachOf(pods), reach);
  });
}

Deno.test("a reconciler tells after each poll whether the nodes of a network can be reached", async () => {
  const heard: string[] = [];
  await using rig = new Rig({ reachObserver: { polled: (...what) => heard.push(what.join(" ")) } });
  await rig.settled();
  assert.deepEqual([...new Set(heard)], ["test/net answered"]);
  heard.length = 0;
  for (const ordinal of [0, 1, 2]) rig.of().nodes.moods.set(ordinal, "refusing");
  await rig.live(5_000);
  assert.deepEqual([...new Set(heard)], ["test/net mute"]);
});
