/** What counts as a difference between what is wanted and what is there. */

import assert from "node:assert/strict";
import { firstDifference } from "../../lib/network/drift.ts";

const CASES: [name: string, wanted: unknown, live: unknown, found: string | undefined][] = [
  ["the same", { a: 1 }, { a: 1 }, undefined],
  ["a default of the server", { a: 1 }, { a: 1, b: 2 }, undefined],
  ["a wish that is none", { a: 1, b: undefined }, { a: 1 }, undefined],
  ["another value", { spec: { a: 1 } }, { spec: { a: 2 } }, "spec.a"],
  ["a missing field", { spec: { a: 1 } }, { spec: {} }, "spec.a"],
  ["a missing object", { spec: { a: 1 } }, {}, "spec"],
  ["an empty object that is there", { emptyDir: {} }, { emptyDir: {} }, undefined],
  ["an empty object that is not", { emptyDir: {} }, {}, "emptyDir"],
  ["a list of texts", { command: ["a", "b"] }, { command: ["a", "b"] }, undefined],
  ["another text in a list", { command: ["a", "b"] }, { command: ["a", "c"] }, "command[1]"],
  ["a longer list of texts", { command: ["a"] }, { command: ["a", "b"] }, "command"],
  ["a shorter list of texts", { command: ["a", "b"] }, { command: ["a"] }, "command[1]"],
  ["no list", { command: ["a"] }, { command: "a" }, "command"],
  [
    "a sidecar of somebody else",
    { containers: [{ name: "ours", image: "a" }] },
    { containers: [{ name: "theirs", image: "b" }, { name: "ours", image: "a" }] },
    undefined,
  ],
  [
    "another image",
    { containers: [{ name: "ours", image: "a" }] },
    { containers: [{ name: "theirs", image: "a" }, { name: "ours", image: "b" }] },
    "containers[ours].image",
  ],
  [
    "another port of a Service",
    { ports: [{ name: "rpc", port: 1 }] },
    { ports: [{ name: "rpc", port: 2 }] },
    "ports[1]",
  ],
  [
    "another mount",
    { mounts: [{ name: "d", mountPath: "/data" }] },
    { mounts: [{ name: "x", mountPath: "/data" }] },
    "mounts[/data].name",
  ],
  [
    "a key more in a selector",
    { spec: { selector: { app: "net" } } },
    { spec: { selector: { app: "net", tier: "x" } } },
    "spec.selector.tier",
  ],
  [
    "a label more",
    { metadata: { labels: { app: "net" } } },
    { metadata: { labels: { app: "net", tier: "x" } } },
    undefined,
  ],
  [
    "another owner that does not control",
    { owners: [{ uid: "1", controller: true }] },
    { owners: [{ uid: "2" }, { uid: "1", controller: true }] },
    undefined,
  ],
];

for (const [name, wanted, live, found] of CASES) {
  Deno.test(`firstDifference() finds ${found ?? "nothing"} when there is ${name}`, () => {
    assert.equal(firstDifference(wanted, live), found);
  });
}

Deno.test("firstDifference() takes an object for the same as itself", () => {
  const value = { a: [{ name: "x", b: ["c"] }, { name: "y" }], d: { e: null, f: false, g: 0 } };
  assert.equal(firstDifference(value, structuredClone(value)), undefined);
});
