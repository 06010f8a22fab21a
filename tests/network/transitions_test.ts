/** One event for each transition, and none for its repetition. */

import assert from "node:assert/strict";
import type { BitcoinNetworkStatus, Condition, NodeStatus } from "../../lib/network/mod.ts";
import { transitionsOf } from "../../lib/network/transitions.ts";
import { condition } from "./_samples.ts";

function node(ordinal: number, more: Partial<NodeStatus> = {}): NodeStatus {
  const nodeName = `net-sts-${ordinal}`;
  return {
    ordinal,
    ready: true,
    ip: "10.0.0.1",
    nodeName,
    dnsName: `${nodeName}.net-svc`,
    ...more,
  };
}

function statusWith(
  conditions: Condition[],
  nodes: NodeStatus[] = [],
  desired = 3,
): BitcoinNetworkStatus {
  const connections = { desired, actual: desired, summary: "" };
  return { conditions, nodes, connections };
}

function reasons(
  before: BitcoinNetworkStatus | undefined,
  after: BitcoinNetworkStatus,
): string[] {
  return transitionsOf(before, after).map(({ type, reason }) => `${type} ${reason}`);
}

const UP = statusWith([condition("Connected", "True", "AllConnected")]);
const LOST = statusWith([condition("Connected", "False", "ConnectionsLost")]);
const FORKED = statusWith([condition("Synced", "False", "Forked")]);
const SYNCED = statusWith([condition("Synced", "True", "AllSynced")]);
const NO_SECRET = statusWith([condition("Stalled", "True", "SecretMissing")]);
const BAD_SECRET = statusWith([condition("Stalled", "True", "SecretInvalid")]);
const MUTE = statusWith([], [node(0, { message: "no answer" })]);
const EMPTY = statusWith([]);

const CASES: [
  name: string,
  before: BitcoinNetworkStatus | undefined,
  after: BitcoinNetworkStatus,
  events: string[],
][] = [
  ["links are up for the first time", undefined, UP, ["Normal Connected"]],
  ["links are up still", UP, UP, []],
  ["links are lost", UP, LOST, ["Warning ConnectionsLost"]],
  ["links are lost still", LOST, LOST, []],
  ["links are up again", LOST, UP, ["Normal Connected"]],
  ["a single node has no link to bring up", undefined, statusWith(UP.conditions ?? [], [], 0), []],
  [
    "links come up slowly",
    undefined,
    statusWith([condition("Connected", "False", "Connecting")]),
    [],
  ],
  ["the chain forks", SYNCED, FORKED, ["Warning ForkDetected"]],
  ["the chain is forked still", FORKED, FORKED, []],
  ["the fork is over", FORKED, SYNCED, []],
  ["a Secret is missing", undefined, NO_SECRET, ["Warning SecretMissing"]],
  ["a Secret is missing still", NO_SECRET, NO_SECRET, []],
  ["a Secret is there and useless", NO_SECRET, BAD_SECRET, ["Warning SecretInvalid"]],
  ["a person has mended it", BAD_SECRET, EMPTY, []],
  ["a Ready node does not answer", statusWith([], [node(0)]), MUTE, ["Warning NodeUnreachable"]],
  ["a node does not answer still", MUTE, MUTE, []],
  ["a node answers again", MUTE, statusWith([], [node(0)]), []],
  [
    "a node that is not Ready does not answer",
    EMPTY,
    statusWith([], [node(0, { ready: false, message: "no answer" })]),
    [],
  ],
  [
    "a node that did not answer is Ready and does not yet",
    statusWith([], [node(0, { ready: false, message: "no answer" })]),
    MUTE,
    ["Warning NodeUnreachable"],
  ],
];

for (const [name, before, after, events] of CASES) {
  Deno.test(`transitionsOf() tells ${events.join() || "nothing"} when ${name}`, () => {
    assert.deepEqual(reasons(before, after), events);
  });
}

Deno.test("transitionsOf() relates an event to the pod that it is about", () => {
  const [event] = transitionsOf(undefined, MUTE);
  assert.deepEqual(event?.related?.metadata, { name: "net-sts-0" });
  assert.equal(event?.note, "net-sts-0 cannot be reached: no answer; see kubectl logs net-sts-0");
});
