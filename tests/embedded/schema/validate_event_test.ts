import assert from "node:assert/strict";

import type { JsonObject } from "../../../lib/embedded/schema/mod.ts";
import { validateEvent, validateEventUpdate } from "../../../lib/embedded/schema/validate_event.ts";
import { said } from "./_kinds.ts";

const EVENT: JsonObject = {
  apiVersion: "events.k8s.io/v1",
  metadata: { name: "e", namespace: "n" },
  eventTime: "2026-01-01T00:00:00.000000Z",
  regarding: { kind: "Pod", name: "p", namespace: "n" },
  reportingController: "x.io/c",
  reportingInstance: "c-1",
  action: "Start",
  reason: "Started",
  note: "It runs",
  type: "Normal",
};

const CREATED: readonly (readonly [
  what: string,
  changes: JsonObject,
  says: readonly string[],
])[] = [
  ["is content with what is right", {}, []],
  ["refuses a note that is too long", { note: "x".repeat(1025) }, [
    'message: Invalid value: "": can have at most 1024 characters',
  ]],
  ["refuses other texts that are too long", { reason: "x".repeat(129) }, [
    'reason: Invalid value: "": can have at most 128 characters',
  ]],
  [
    "wants to know who reports what",
    { reportingInstance: "", action: "", reason: "" },
    [
      "reportingInstance: Required value",
      "action: Required value",
      "reason: Required value",
    ],
  ],
  ["wants a name of the controller that can be one", { reportingController: "a b" }, [
    "reportingController: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  ]],
  ["knows two types", { type: "Error" }, ['type: Invalid value: "": has invalid value: Error']],
  [
    "refuses what only older events have",
    { deprecatedCount: 1, deprecatedSource: { component: "c" } },
    ['count: Invalid value: "": needs to be unset', 'source: Invalid value: "": needs to be unset'],
  ],
  ["wants a series to be one", { series: { count: 1 } }, [
    'series.count: Invalid value: "": should be at least 2',
    "series.lastObservedTime: Required value",
  ]],
  ["wants an object without a namespace to be told where everybody looks", {
    regarding: { kind: "Node", name: "m" },
  }, ['involvedObject.namespace: Invalid value: "": does not match event.namespace']],
];

for (const [what, changes, says] of CREATED) {
  Deno.test(`validateEvent() ${what}`, () => {
    assert.deepEqual(said(validateEvent({ ...EVENT, ...changes })), says);
  });
}

const OLD_FORM:
  readonly (readonly [about: string | undefined, namespace: string, fits: boolean])[] = [
    ["n", "n", true],
    ["m", "n", false],
    [undefined, "default", true],
    [undefined, "n", false],
  ];

for (const [about, namespace, fits] of OLD_FORM) {
  Deno.test(`validateEvent() ${fits ? "takes" : "refuses"} an older event in '${namespace}' about something in '${about}'`, () => {
    const event = {
      apiVersion: "v1",
      metadata: { name: "e", namespace },
      involvedObject: { kind: "A", name: "a", ...(about ? { namespace: about } : {}) },
    };
    assert.equal(validateEvent(event).length, fits ? 0 : 1);
  });
}

Deno.test("validateEventUpdate() lets only the series go on", () => {
  const series = { count: 2, lastObservedTime: "2026-01-01T00:00:01.000000Z" };
  assert.deepEqual(validateEventUpdate({ ...EVENT, series }, EVENT), []);
  assert.deepEqual(said(validateEventUpdate({ ...EVENT, note: "Other" }, EVENT)), [
    'message: Invalid value: "Other": field is immutable',
  ]);
});

Deno.test("validateEventUpdate() lets an older event change", () => {
  const old = {
    apiVersion: "v1",
    metadata: { name: "e", namespace: "n" },
    involvedObject: { namespace: "n" },
  };
  assert.deepEqual(validateEventUpdate({ ...old, message: "Other" }, old), []);
});
