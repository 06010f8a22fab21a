/** What failed, by what `deno test` prints and by its JUnit report, which has one tag on each line. */

/** What is to be run again. */
export interface Failures {
  /** Files of tests. */
  readonly files: readonly string[];
  /** Tests by name: those that a helper defined, for the report has them under the helper's file. */
  readonly names: readonly string[];
}

/** What failed, each once. */
export function failuresIn(report: string, output: string): Failures {
  const found: { readonly file: string; readonly name: string }[] = [];
  let file = "";
  let name = "";
  for (const line of report.split("\n")) {
    const [, tag, called = ""] = /^\s*<(\w+)(?: name="([^"]*)")?/.exec(line) ?? [];
    if (tag === "testsuite") file = unescape(called);
    if (tag === "testcase") name = unescape(called);
    if (tag === "failure" || tag === "error") found.push({ file, name });
  }
  // A step fails together with its test, which is there as well, maybe under another file.
  const isStep = (one: string): boolean => found.some(({ name }) => one.startsWith(`${name} > `));
  const whole = found.filter(({ name }) => !isStep(name));
  const isTestFile = (file: string): boolean => file.endsWith("_test.ts");
  const files = whole.map(({ file }) => file).filter(isTestFile);
  const names = whole.filter(({ file }) => !isTestFile(file)).map(({ name }) => name);
  return {
    files: [...new Set([...files, ...uncaughtIn(output)])],
    names: [...new Set(names)],
  };
}

/** Files in which an error was caught by no test: the report says nothing of it, nor of tests that it kept from running. */
function uncaughtIn(output: string): string[] {
  return [...output.matchAll(/^(\S+) \(uncaught error\)$/gm)].flatMap(([, file]) => file ?? []);
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
