import assert from "node:assert/strict";

import { convertEvent } from "../../../lib/embedded/schema/mod.ts";

const EVENT = {
  apiVersion: "events.k8s.io/v1",
  kind: "Event",
  regarding: { name: "p" },
  note: "n",
  deprecatedCount: 2,
  reportingController: "c",
  reason: "r",
};

const CORE = {
  apiVersion: "v1",
  kind: "Event",
  involvedObject: { name: "p" },
  message: "n",
  count: 2,
  reportingComponent: "c",
  reason: "r",
};

Deno.test("convertEvent() renames fields from one form to the other, and back", () => {
  assert.deepEqual(convertEvent(EVENT, "v1"), CORE);
  assert.deepEqual(convertEvent(CORE, "events.k8s.io/v1"), EVENT);
});

Deno.test("convertEvent() returns the very event that has the form already", () => {
  assert.equal(convertEvent(EVENT, "events.k8s.io/v1"), EVENT);
});
