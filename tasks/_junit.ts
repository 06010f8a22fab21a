/** What failed, by a JUnit report of `deno test`, which has one tag on each line. */

/** What is to be run again. */
export interface Failures {
  /** Files of tests. */
  readonly files: readonly string[];
  /** Tests by name: those that a helper defined, for the report has them under the helper's file. */
  readonly names: readonly string[];
}

/** What failed. */
export function failuresIn(report: string): Failures {
  const files = new Set<string>();
  const names = new Set<string>();
  const all = new Set<string>();
  let file = "";
  let name = "";
  for (const line of report.split("\n")) {
    const [, tag, called = ""] = /^\s*<(\w+)(?: name="([^"]*)")?/.exec(line) ?? [];
    if (tag === "testsuite") file = unescape(called);
    if (tag === "testcase") name = unescape(called);
    if (tag !== "failure" && tag !== "error") continue;
    all.add(name);
    if (file.endsWith("_test.ts")) files.add(file);
    else names.add(name);
  }
  // A step fails together with its test, which is there as well, maybe under another file.
  const isStep = (one: string): boolean => [...all].some((other) => one.startsWith(`${other} > `));
  return { files: [...files], names: [...names].filter((one) => !isStep(one)) };
}

/** The names of the tests and steps that ran; what a filter leaves out is in the report as well, as skipped. */
export function ranIn(report: string): string[] {
  const cases = report.matchAll(/^\s*<testcase name="([^"]*)".*\n(\s*<skipped)?/gm);
  return [...cases].flatMap(([, name = "", skipped]) => skipped ? [] : [unescape(name)]);
}

/** A value of `--filter` that lets the tests of these names through, and no others. */
export function filterOf(names: readonly string[]): string {
  return `/^(?:${names.map((name) => RegExp.escape(name)).join("|")})$/`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

function unescape(text: string): string {
  return text.replaceAll(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
