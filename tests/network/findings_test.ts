/** What can be said of nodes, links and the chain. */

import assert from "node:assert/strict";
import { chainOf } from "../../lib/network/chain.ts";
import type { Member } from "../../lib/network/connections.ts";
import {
  connected,
  isRolledOut,
  isRolling,
  nodesReady,
  type NodesSeen,
  synced,
} from "../../lib/network/findings.ts";
import { member, pod, rolledOut, SILENT_NODE, up } from "./_samples.ts";

const STARTING = { state: "starting", message: "Loading block index…" } as const;
const NONE_MISSING = { actual: 1, missing: new Map<number, string[]>() };

/** A member that could not be asked. */
function unasked(ordinal: number): Member {
  return { ...member(ordinal), report: undefined };
}

/** A network of three nodes, all Ready, but for the changes. */
function nodesSeen(changes: Partial<NodesSeen> = {}): NodesSeen {
  const pods = [pod(0), pod(1), pod(2)];
  return { network: "net", nodes: 3, pods, set: rolledOut(3), ...changes };
}

Deno.test("nodesReady() says what is wrong first, what needs a person before what needs time", () => {
  const crash = pod(2, { ready: false, waiting: "CrashLoopBackOff" });
  const slow = pod(1, { ready: false });
  const cases: [pods: ReturnType<typeof pod>[], reason: string, message: RegExp][] = [
    [[pod(0), pod(1), pod(2)], "AllNodesReady", /^All 3 nodes are Ready$/],
    [[pod(0)], "NodesMissing", /no pod yet for net-sts-1, net-sts-2; if this lasts/],
    [[pod(0), slow, pod(2)], "NodesStarting", /^Pod 'net-sts-1' is not Ready yet/],
    [[pod(0, { ready: false }), slow, pod(2)], "NodesStarting", /\(and 1 more pod is not Ready\)$/],
    [[slow, crash], "CrashLoop", /^Pod 'net-sts-2' .* \(and 1 more pod is not Ready\)$/],
  ];
  for (const [pods, reason, message] of cases) {
    const finding = nodesReady(nodesSeen({ pods }));
    assert.equal(finding.reason, reason);
    assert.equal(finding.holds, reason === "AllNodesReady");
    assert.match(finding.message, message);
  }
});

Deno.test("nodesReady() names no more than three nodes", () => {
  assert.match(
    nodesReady(nodesSeen({ nodes: 9, pods: [] })).message,
    /sts-0, net-sts-1, net-sts-2 and 6 more/,
  );
});

Deno.test("nodesReady() is false, and no failure, for a network of no nodes", () => {
  const { holds, reason } = nodesReady(nodesSeen({ nodes: 0, pods: [], set: rolledOut(0) }));
  assert.deepEqual([holds, reason], [false, "Suspended"]);
});

Deno.test("nodesReady() is false while a change rolls out, although all pods are Ready", () => {
  const pods = [pod(0, { revision: "old" }), pod(1, { revision: "old" }), pod(2)];
  const { holds, message } = nodesReady(nodesSeen({ pods }));
  assert.equal(holds, false);
  assert.equal(message, "Rolling out a change, one pod after the other: 1 of 3 pods have it");
});

Deno.test("nodesReady() believes no pod of before, although the status of the set is ahead of the pods", () => {
  // The last pod was deleted, and the one in its place counts; of both the informer of pods has yet to hear.
  const pods = [pod(0, { revision: "old" }), pod(1), pod(2)];
  const set = rolledOut(3);
  assert.equal(set.status?.updatedReplicas, 3);
  assert.equal(nodesReady(nodesSeen({ pods, set })).holds, false);
});

Deno.test("nodesReady() is false as long as the objects were never made for this spec", () => {
  const { holds, reason, message } = nodesReady(nodesSeen({ unkept: "the server is busy" }));
  assert.deepEqual([holds, reason], [false, "NodesStarting"]);
  assert.match(message, /may not run what is wanted yet: the server is busy$/);
});

Deno.test("isRolledOut() believes a status only when it is about the spec as it is now", () => {
  const pods = [pod(0), pod(1), pod(2)];
  assert.ok(isRolledOut(rolledOut(3), pods));
  assert.ok(!isRolledOut({ ...rolledOut(3), metadata: { generation: 2 } }, pods));
  assert.ok(!isRolledOut(undefined, pods));
});

Deno.test("isRolling() lasts until the set has but one revision, and is unknown until its controller has looked", () => {
  assert.ok(!isRolling(rolledOut(3)));
  const { metadata, status } = rolledOut(3);
  assert.ok(
    isRolling({
      ...(metadata && { metadata }),
      status: { replicas: 3, ...status, currentRevision: "old" },
    }),
  );
  assert.ok(isRolling({ metadata: { generation: 2 }, ...(status && { status }) }));
  assert.ok(isRolling(undefined));
});

Deno.test("connected() holds when all edges are up", () => {
  const finding = connected(NONE_MISSING, 1, [member(0), member(1)], false);
  assert.deepEqual([finding.holds, finding.message], [true, "The only connection is up"]);
});

Deno.test("connected() tells a loss from a beginning, and names who lacks whom", () => {
  const plan = { actual: 2, missing: new Map([[0, []], [1, ["net-sts-2"]], [2, ["net-sts-1"]]]) };
  const members = [member(0), member(1), member(2)];
  const message =
    "2 of 3 connections are up; net-sts-1 lacks net-sts-2; the controller dials as soon as both ends answer";
  for (const [before, reason] of [[true, "ConnectionsLost"], [false, "Connecting"]] as const) {
    const finding = connected(plan, 3, members, before);
    assert.deepEqual([finding.holds, finding.reason, finding.message], [false, reason, message]);
  }
});

Deno.test("connected() blames nodes that do not answer, or could not be asked, and no lost connection", () => {
  const plan = { actual: 0, missing: new Map([[0, ["net-sts-1"]]]) };
  const silent = connected(plan, 1, [member(0), member(1, SILENT_NODE)], true);
  assert.equal(silent.reason, "NodesUnreachable");
  assert.equal(
    silent.message,
    "0 of 1 connections are up; net-sts-1 cannot be reached: no answer; see kubectl logs net-sts-1",
  );
  const none = connected(plan, 1, [unasked(0), unasked(1)], true);
  assert.equal(none.reason, "NodesUnreachable");
  assert.match(none.message, /net-sts-0 \(and 1 more\) was not asked, for lack of credentials$/);
  const starting = connected(plan, 1, [member(0), member(1, STARTING)], true);
  assert.equal(starting.reason, "ConnectionsLost");
});

Deno.test("synced() says why the nodes have not the same best block", () => {
  const at = (ordinal: number, height: number, tip = `tip-${height}`): Member =>
    member(ordinal, up({ height, tip }));
  const cases: [members: Member[], reason: string, message: RegExp][] = [
    [[at(0, 5), at(1, 5)], "AllSynced", /^All 2 nodes are at height 5$/],
    [[at(0, 5), at(1, 4)], "Syncing", /^net-sts-1 is at height 4 and not at height 5 yet$/],
    [
      [at(0, 5, "a"), at(1, 5, "b")],
      "Forked",
      /on 2 chains: net-sts-1 is at height 5, and the best one is at height 5;/,
    ],
    [[at(0, 5)], "Syncing", /^1 of 2 nodes report their chain; waiting for net-sts-1$/],
    [[at(0, 5), member(1, STARTING)], "Syncing", /^1 of 2/],
    [[at(0, 5), member(1, SILENT_NODE)], "NodesUnreachable", /net-sts-1 cannot be reached/],
    [[unasked(0), unasked(1)], "NodesUnreachable", /was not asked/],
  ];
  for (const [members, reason, message] of cases) {
    const finding = synced("net", 2, members, chainOf(members.map(({ report }) => report)));
    assert.equal(finding.reason, reason);
    assert.equal(finding.holds, reason === "AllSynced");
    assert.match(finding.message, message);
  }
  assert.equal(synced("net", 0, [], undefined).holds, true);
});
