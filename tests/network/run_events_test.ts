/** Events that no change of status shows. */

import assert from "node:assert/strict";
import {
  foreignEntryEvents,
  knownPods,
  replacementEvents,
  rolloutEvents,
  settledRevision,
} from "../../lib/network/run_events.ts";
import { pod, rolledOut } from "./_samples.ts";

Deno.test("foreignEntryEvents() tells of entries that somebody made by hand, and of nothing else", () => {
  const events = foreignEntryEvents(
    new Map([
      ["net-sts-0", [
        { kind: "remove", node: "1.2.3.4", isForeign: true },
        { kind: "remove", node: "net-sts-9.net-svc", isForeign: false },
        { kind: "onetry", node: "10.0.0.2:18444" },
      ]],
    ]),
  );
  assert.deepEqual(events.map(({ reason, note }) => [reason, note]), [[
    "Repaired",
    "Removed '1.2.3.4' from the added nodes of net-sts-0: it is no node of the network",
  ]]);
});

Deno.test("rolloutEvents() tells of it once all pods have come to another revision", () => {
  const rolling = rolledOut(3, "new");
  rolling.status = { ...rolling.status, replicas: 3, currentRevision: "old" };
  assert.equal(settledRevision(rolling), undefined);
  assert.deepEqual(rolloutEvents("old", rolling), []);
  assert.deepEqual(rolloutEvents("old", undefined), []);
  assert.deepEqual(rolloutEvents(undefined, rolledOut(3, "new")), [], "seen for the first time");
  assert.deepEqual(rolloutEvents("new", rolledOut(3, "new")), []);
  assert.deepEqual(rolloutEvents("old", rolledOut(3, "new")).map(({ reason }) => reason), [
    "RolledOut",
  ]);
});

const WANTED = ["net-sts-0", "net-sts-1"];

Deno.test("replacementEvents() tells of another pod, also when it was gone, and without an address, in between", () => {
  const first = knownPods(new Map(), WANTED, [pod(0), pod(1)]);
  const gone = knownPods(first, WANTED, [pod(0)]);
  const nameless = knownPods(gone, WANTED, [pod(0), pod(1, { uid: "other", ip: "" })]);
  const back = knownPods(nameless, WANTED, [pod(0), pod(1, { uid: "other", ip: "10.0.0.9" })]);
  assert.deepEqual(replacementEvents(new Map(), first), []);
  assert.deepEqual(replacementEvents(first, gone), []);
  assert.deepEqual(replacementEvents(gone, nameless), []);
  const [event, ...others] = replacementEvents(nameless, back);
  assert.deepEqual(others, []);
  assert.equal(event?.note, "net-sts-1 has a new pod: its address is 10.0.0.9 instead of 10.0.0.2");
  assert.deepEqual(event?.related?.metadata, { name: "net-sts-1", uid: "other" });
  assert.deepEqual(replacementEvents(back, back), []);
});

Deno.test("replacementEvents() tells of another pod that has the address of the one before", () => {
  const before = knownPods(new Map(), WANTED, [pod(0)]);
  const after = knownPods(before, WANTED, [pod(0, { uid: "other" })]);
  assert.match(replacementEvents(before, after)[0]?.note ?? "", /still 10\.0\.0\.1$/);
});

Deno.test("knownPods() forgets nodes that are not wanted, so that their return replaces nothing", () => {
  const three = knownPods(new Map(), [...WANTED, "net-sts-2"], [pod(0), pod(1), pod(2)]);
  const two = knownPods(three, WANTED, [pod(0), pod(1)]);
  assert.deepEqual([...two.keys()], WANTED);
  const again = knownPods(two, [...WANTED, "net-sts-2"], [pod(2, { uid: "other" })]);
  assert.deepEqual(replacementEvents(two, again), []);
});
