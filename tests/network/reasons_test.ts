/** Every reason that the API reference promises is produced, and says which node, how it is, and what to do. */

import assert from "node:assert/strict";
import { findCondition } from "../../lib/network/conditions.ts";
import type { Condition } from "../../lib/network/mod.ts";
import { type Observation, statusOf } from "../../lib/network/status.ts";
import { failure } from "../support/scripted_server.ts";
import { SECRETS, SERVICES } from "../../lib/kube/mod.ts";
import { Rig } from "./_rig.ts";
import { member, pod, rolledOut, settings, SILENT_NODE, up } from "./_samples.ts";

/** Reasons of each condition, as docs/api.md lists them. */
async function documented(): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("../../docs/api.md", import.meta.url));
  const table = /## Conditions\n([\s\S]*?)\n\n[^|]*(\|[\s\S]*?)\n\n/.exec(text)?.[2] ?? "";
  return table.split("\n").slice(2).flatMap((row) => {
    const [, type = "", , reasons = ""] = row.split("|");
    return [...reasons.matchAll(/`([A-Z]\w+)`/g)].map(([, reason]) => `${type.trim()} ${reason}`);
  }).map((line) => line.replaceAll("`", ""));
}

function seen(changes: Partial<Observation>): Observation {
  return {
    name: "net",
    generation: 1,
    settings: settings({ nodes: 2 }),
    previous: undefined,
    pods: [pod(0), pod(1)],
    members: [member(0), member(1)],
    edges: 1,
    plan: { actual: 1, missing: new Map() },
    set: rolledOut(2),
    stall: undefined,
    failure: undefined,
    unkept: undefined,
    now: "2026-01-01T00:00:00Z",
    ...changes,
  };
}

const waiting = (reason: string) => ({ pods: [pod(0), pod(1, { ready: false, waiting: reason })] });
const homeless = {
  ...pod(1),
  status: {
    conditions: [{
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message: "0/1",
    }],
  },
};
const cut = { actual: 0, missing: new Map([[0, ["net-sts-1"]], [1, ["net-sts-0"]]]) };

/** What is seen, and what the message must name: the node, and a remedy where time alone does not help. */
const SEEN: readonly (readonly [reason: string, Partial<Observation>, RegExp])[] = [
  ["NodesReady NodesStarting", { pods: [pod(0), pod(1, { ready: false })] }, /net-sts-1/],
  ["NodesReady NodesMissing", { pods: [pod(0)] }, /net-sts-1; if this lasts, see kubectl describe/],
  ["NodesReady ImagePullFailed", waiting("ErrImagePull"), /net-sts-1.*check spec\.image/],
  ["NodesReady CrashLoop", waiting("CrashLoopBackOff"), /net-sts-1.*see kubectl logs/],
  ["NodesReady Unschedulable", { pods: [pod(0), homeless] }, /net-sts-1.*make room/],
  ["NodesReady Suspended", { settings: settings({ nodes: 0 }) }, /spec\.nodes is 0; raise it/],
  ["Connected Connecting", { plan: cut }, /^0 of 1 .*net-sts-0 lacks net-sts-1; the controller/],
  [
    "Connected ConnectionsLost",
    { plan: cut, previous: statusOf(seen({})) },
    /^0 of 1 .*net-sts-0 lacks net-sts-1; the controller dials/,
  ],
  [
    "Connected NodesUnreachable",
    { plan: cut, members: [member(0), member(1, SILENT_NODE)] },
    /net-sts-1 cannot be reached.*see kubectl logs/,
  ],
  [
    "Synced Syncing",
    { members: [member(0, up({ height: 3 })), member(1, up({ height: 2 }))] },
    /^net-sts-1 is at height 2 and not at height 3 yet$/,
  ],
  [
    "Synced Forked",
    { members: [member(0, up({ tip: "a" })), member(1, up({ tip: "b" }))] },
    /2 chains: net-sts-1 .*it ends when/,
  ],
  [
    "Synced NodesUnreachable",
    { members: [member(0), member(1, SILENT_NODE)] },
    /net-sts-1 cannot be reached.*see kubectl logs/,
  ],
];

/** What a person may do wrong, and what the message must name. */
const STALLS: readonly (readonly [reason: string, (rig: Rig) => void, RegExp])[] = [
  ["SecretMissing", (rig) => rig.wish({ secret: "mine" }), /'mine' does not exist.*create it/],
  [
    "SecretInvalid",
    (rig) => {
      rig.cluster.put(SECRETS, { metadata: { name: "mine" }, data: {} });
      rig.wish({ secret: "mine" });
    },
    /'mine' has no key BC_RPC_USER.*mend it/,
  ],
  [
    "NameConflict",
    (rig) => {
      rig.cluster.put(SERVICES, { metadata: { name: "net-svc" } });
      rig.wish();
    },
    /Service 'net-svc' exists and is not of this network.*delete it/,
  ],
  ["InvalidConfig", (rig) => rig.wish({ nodes: 500 }), /^spec\.nodes: must be <= 100/],
  [
    "Forbidden",
    (rig) => {
      const message = 'services is forbidden: User "u" cannot patch resource "services"';
      rig.cluster.refusals.set(
        "PATCH services/net-svc",
        () => failure(403, "Forbidden", { message }),
      );
      rig.wish();
    },
    /cannot patch resource "services".*service account/,
  ],
];

function assertTells(found: Condition | undefined, reason: string, message: RegExp): void {
  assert.equal(found?.reason, reason);
  assert.match(found?.message ?? "", message);
}

for (const [reason, changes, message] of SEEN) {
  Deno.test(`statusOf() explains ${reason}`, () => {
    const [type = "", word = ""] = reason.split(" ");
    const { conditions } = statusOf(seen(changes));
    assertTells(conditions?.find((one) => one.type === type), word, message);
  });
}

for (const [reason, fault, message] of STALLS) {
  Deno.test(`reconcile() explains Stalled ${reason}, and tells it by an event in the same words`, async () => {
    await using rig = new Rig();
    fault(rig);
    await rig.run();
    const stalled = findCondition(rig.network().status?.conditions, "Stalled");
    assertTells(stalled, reason, message);
    assert.equal(stalled?.status, "True");
    assert.equal(stalled?.observedGeneration, rig.network().metadata?.generation);
    assert.equal(rig.notes[rig.events.indexOf(`Warning ${reason}`)], stalled?.message);
  });
}

Deno.test("every reason in docs/api.md is tried here", async () => {
  const tried = [
    ...SEEN.map(([reason]) => reason),
    ...STALLS.map(([reason]) => `Stalled ${reason}`),
  ];
  assert.deepEqual(tried.toSorted(), (await documented()).toSorted());
});
