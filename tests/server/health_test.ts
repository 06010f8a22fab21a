/** How health is told: the words of kube-apiserver, and no reason to the public. */

import assert from "node:assert/strict";
import { type Check, Health } from "../../lib/server/mod.ts";
import { captureLogs } from "../support/logs.ts";

const good = (name: string): Check => ({ name, problem: () => undefined });
const bad = (name: string): Check => ({ name, problem: () => `${name} is down, at 10.0.0.1` });

const ANSWERS: readonly (readonly [query: string, checks: readonly Check[], number, string])[] = [
  ["", [good("ping"), good("informers")], 200, "ok"],
  ["", [], 200, "ok"],
  [
    "verbose",
    [good("ping"), good("informers")],
    200,
    "[+]ping ok\n[+]informers ok\nreadyz check passed\n",
  ],
  [
    "",
    [good("ping"), bad("informers")],
    500,
    "[+]ping ok\n[-]informers failed: reason withheld\nreadyz check failed\n",
  ],
  ["exclude=informers", [good("ping"), bad("informers")], 200, "ok"],
  [
    "verbose&exclude=informers&exclude=lease",
    [good("ping"), bad("informers"), bad("lease")],
    200,
    "[+]ping ok\n[+]informers excluded: ok\n[+]lease excluded: ok\nreadyz check passed\n",
  ],
  [
    "exclude=lease",
    [bad("informers"), bad("lease")],
    500,
    "[-]informers failed: reason withheld\n[+]lease excluded: ok\nreadyz check failed\n",
  ],
  [
    "verbose&exclude=nothing&exclude=ping",
    [good("ping")],
    200,
    '[+]ping excluded: ok\nwarn: some health checks cannot be excluded: no matches for "nothing"\nreadyz check passed\n',
  ],
  ["exclude=nothing", [good("ping")], 200, "ok"],
];

for (const [query, checks, status, body] of ANSWERS) {
  const state = checks.map(({ name, problem }) => `${problem() ? "bad" : "good"} ${name}`);
  Deno.test(`Health answers ${status} to '?${query}' with ${state.join(", ") || "no checks"}`, () => {
    const answer = new Health("readyz", checks).answer(new URLSearchParams(query));
    assert.deepEqual(answer, { status, body });
  });
}

Deno.test("Health answers for one check, and 404 for one that there is not", () => {
  const health = new Health("readyz", [good("ping"), bad("informers")]);
  assert.deepEqual(health.answerOne("ping"), { status: 200, body: "ok" });
  assert.deepEqual(health.answerOne("informers"), {
    status: 500,
    body: "internal server error: reason withheld\n",
  });
  assert.equal(health.answerOne("lease").status, 404);
  assert.equal(health.answerOne("").status, 404);
});

Deno.test("Health logs why a check fails when it begins to and when the reason changes, and when it passes again", async () => {
  await using logs = await captureLogs();
  let problem: string | undefined;
  const health = new Health("readyz", [{ name: "informers", problem: () => problem }]);
  for (problem of [undefined, "no pods", "no pods", "no services", undefined, undefined]) {
    health.answer(new URLSearchParams());
  }
  const told = logs.lines.map(({ level, text, properties }) =>
    `${level}: ${text} ${properties["endpoint"]} ${properties["check"]} ${properties["problem"]}`
  );
  assert.deepEqual(told, [
    "warning: A health check fails readyz informers no pods",
    "debug: A health check fails readyz informers no pods",
    "warning: A health check fails readyz informers no services",
    "info: A health check passes again readyz informers undefined",
  ]);
});
