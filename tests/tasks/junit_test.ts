/** What is read of a JUnit report. */

import assert from "node:assert/strict";
import { failuresIn, filterOf, ranIn } from "../../tasks/_junit.ts";

/** As `deno test` writes it, in short. */
const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="6" failures="4" errors="1" time="0.126">
    <testsuite name="./tests/support/tools.ts" tests="3" disabled="0" errors="0" failures="2">
        <testcase name="fails &lt;&amp;&quot;it&apos;s&quot;&gt; [needs a, b]" classname="./tests/support/tools.ts" time="0.001">
            <failure message="Uncaught Error: x">Error: x
    at file:///a_test.ts:2:46</failure>
        </testcase>
        <testcase name="fine" classname="./tests/support/tools.ts" time="0.000" line="1" col="82">
        </testcase>
        <testcase name="steps" classname="./tests/support/tools.ts" time="0.001" line="1" col="82">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
    </testsuite>
    <testsuite name="./tests/cluster/suite.ts" tests="1" disabled="0" errors="0" failures="1">
        <testcase name="steps &gt; one" classname="./tests/cluster/suite.ts" time="0.001" line="4" col="31">
            <failure message="Uncaught Error: y">Error: y</failure>
        </testcase>
        <testcase name="whole &gt; part" classname="./tests/cluster/suite.ts" time="0.001" line="4" col="31">
            <failure message="Uncaught Error: z">Error: z</failure>
        </testcase>
    </testsuite>
    <testsuite name="./tests/suite_test.ts" tests="1" disabled="0" errors="0" failures="1">
        <testcase name="steps &gt; two" classname="./tests/suite_test.ts" time="0.001" line="9" col="31">
            <failure message="Uncaught Error: y">Error: y</failure>
        </testcase>
    </testsuite>
    <testsuite name="./tests/b_test.ts" tests="2" disabled="0" errors="1" failures="0">
        <testcase name="slow" classname="./tests/b_test.ts" time="0.000" line="1" col="6">
            <error message="Cancelled"/>
        </testcase>
        <testcase name="whole" classname="./tests/b_test.ts" time="0.000" line="2" col="6">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
    </testsuite>
    <testsuite name="./tests/c_test.ts" tests="1" disabled="0" errors="0" failures="0">
        <testcase name="left out" classname="./tests/c_test.ts" line="1" col="6">
            <skipped/>
        </testcase>
    </testsuite>
</testsuites>`;

Deno.test("failuresIn() names files of tests, and tests of a helper's file, not their steps", () => {
  const names = [`fails <&"it's"> [needs a, b]`, "steps"];
  assert.deepEqual(failuresIn(REPORT, ""), { files: ["./tests/b_test.ts"], names });
  assert.deepEqual(failuresIn("", ""), { files: [], names: [] });
});

Deno.test("failuresIn() names files with an error that no test caught, of which the report says nothing", () => {
  const output = `
 ERRORS${" "}

./tests/d_test.ts (uncaught error)
error: (in promise) Error: load
    at file:///tests/d_test.ts:2:7

 FAILURES${" "}

slow => ./tests/b_test.ts:1:6
./tests/d_test.ts (uncaught error)
./tests/b_test.ts (uncaught error)
`;
  const { files } = failuresIn(REPORT, output);
  assert.deepEqual(files, ["./tests/b_test.ts", "./tests/d_test.ts"]);
  assert.deepEqual(failuresIn("", output).files, ["./tests/d_test.ts", "./tests/b_test.ts"]);
});

Deno.test("ranIn() names the tests that ran, and none that were left out", () => {
  const names = [`fails <&"it's"> [needs a, b]`, "fine", "steps", "steps > one"];
  names.push("whole > part", "steps > two", "slow", "whole");
  assert.deepEqual(ranIn(REPORT), names);
  assert.deepEqual(ranIn("no report"), []);
});

Deno.test("filterOf() lets through exactly the tests of these names", () => {
  const names = ["a (b) [needs c/d]", "e.f > g $1 \\ | ^"];
  const filter = filterOf(names);
  assert.match(filter, /^\/.*\/$/);
  const pattern = new RegExp(filter.slice(1, -1));
  for (const name of names) assert.match(name, pattern);
  for (const other of ["a (b) [needs c/d] more", "e-f > g $1 \\ | ^", "a"]) {
    assert.doesNotMatch(other, pattern);
  }
});
