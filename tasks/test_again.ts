/**
 * Runs what failed in `deno task test`, by its JUnit report and by what it printed, once more, one after the other:
 * files are tested side by side, on a machine that others may keep busy, and what failed there must pass by itself.
 * Many failures are no accident, neither is a run that ends without a failure; and a run of no test is none.
 */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

import { failuresIn, filterOf, ranIn } from "./_junit.ts";

/** So many may fail by accident. */
const MOST = 4;

const [report, output] = Deno.args;
if (report === undefined || output === undefined) {
  console.error("usage: test_again.ts REPORT OUTPUT");
  Deno.exit(2);
}
const { files, names } = failuresIn(
  await Deno.readTextFile(report),
  await Deno.readTextFile(output),
);
const count = files.length + names.length;
if (count === 0 || count > MOST) {
  console.error(
    count === 0 ? "No test is said to have failed" : `${count} failures are no accident`,
  );
  Deno.exit(1);
}
console.log(["Once more, one after the other:", ...files, ...names].join("\n  "));
if (files.length > 0) await test(files, []);
if (names.length > 0) await test([`--filter=${filterOf(names)}`, "tests/"], names);

/** Ends the program unless tests run, those of these names among them, and all pass. */
async function test(what: readonly string[], expected: readonly string[]): Promise<void> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const options = ["-A", "--no-check", "--reporter=dot", `--junit-path=${report}`];
    const args = ["test", ...options, ...what];
    const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
    if (!success) throw new Error("It failed again");
    const ran = ranIn(await Deno.readTextFile(report));
    const missing = expected.filter((name) => !ran.includes(name));
    if (ran.length === 0) throw new Error(`No test of ${what.join(" ")} ran`);
    if (missing.length > 0) throw new Error(`No test is called '${missing.join("', '")}'`);
  } finally {
    await Deno.remove(report);
  }
}
