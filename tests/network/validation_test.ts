/** What the controller understands of a spec, whatever CRD let it through. */

import assert from "node:assert/strict";
import { problemsOf, settingsOf } from "../../lib/network/validation.ts";
import { network } from "./_samples.ts";

Deno.test("problemsOf() finds none in what the CRD allows", () => {
  assert.deepEqual(problemsOf(network({ nodes: 0 })), []);
  assert.deepEqual(problemsOf(network({ nodes: 100, secret: "", image: "x" })), []);
  assert.deepEqual(problemsOf(network({ nodes: 1, imagePullPolicy: "Never" })), []);
  assert.deepEqual(problemsOf(network({}, "a".repeat(46))), []);
});

Deno.test("problemsOf() names the field of each problem", () => {
  const cases: [spec: object, problem: RegExp][] = [
    [{ nodes: -1 }, /^spec\.nodes: .*0$/],
    [{ nodes: 101 }, /^spec\.nodes: .*100$/],
    [{ nodes: 1.5 }, /^spec\.nodes: .*integer/],
    [{ nodes: null }, /^spec\.nodes: /],
    [{ secret: 7 }, /^spec\.secret: .*string/],
    [{ image: "" }, /^spec\.image: /],
    [{ imagePullPolicy: "Sometimes" }, /^spec\.imagePullPolicy: /],
  ];
  for (const [spec, problem] of cases) {
    const [first = ""] = problemsOf(network(spec));
    assert.match(first, problem, JSON.stringify(spec));
  }
});

Deno.test("problemsOf() does not throw without a spec", () => {
  // as: what an older CRD may have let through.
  const odd = { ...network(), spec: undefined } as unknown as Parameters<typeof problemsOf>[0];
  assert.match(problemsOf(odd).join(), /^spec: must be object/);
});

Deno.test("problemsOf() refuses names that are no label or too long for the StatefulSet's revision", () => {
  for (const name of ["a".repeat(47), "1net", "net-", "Net", "a.b", ""]) {
    assert.match(problemsOf(network({}, name)).join(), /metadata\.name/, name);
  }
});

Deno.test("settingsOf() fills in the defaults, and takes an empty secret for none", () => {
  assert.deepEqual(settingsOf(network({ nodes: 4, secret: "" })), {
    nodes: 4,
    secret: undefined,
    image: "bitcoin/bitcoin:30.0",
    imagePullPolicy: "IfNotPresent",
    topology: { type: "Full" },
  });
  assert.equal(settingsOf(network({ secret: "mine" })).secret, "mine");
});
