/** What must agree for a release: the version and the CHANGELOG, Deno's version wherever it is named, the workflows. */

import assert from "node:assert/strict";
import { parse } from "yaml";
import config from "../deno.json" with { type: "json" };
import { entriesOf } from "../tasks/_changelog.ts";

const ROOT = new URL("../", import.meta.url);
const WORKFLOWS = ["ci.yml", "release.yml"].map((name) => `.github/workflows/${name}`);

/** As much of a workflow as is looked at. */
interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly uses?: string;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[];
}

async function read(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, ROOT));
}

/** All texts that the group of a pattern matches. */
function all(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), (match) => match[1] ?? "");
}

Deno.test("CHANGELOG.md begins with the version of deno.json, and has each version once", async () => {
  const versions = entriesOf(await read("CHANGELOG.md")).map(({ version }) => version);
  assert.equal(versions[0], config.version);
  assert.equal(new Set(versions).size, versions.length);
});

Deno.test("every file that names a version of Deno names the same", async () => {
  const named = /\b(?:deno@|DENO_VERSION: )(\d+\.\d+\.\d+)\b/g;
  const files = ["README.md", "CONTRIBUTING.md", ".ci/run", ...WORKFLOWS];
  const versions = new Set<string>();
  for (const file of files) {
    const found = all(await read(file), named);
    assert.ok(found.length > 0, `${file} names one`);
    for (const version of found) versions.add(version);
  }
  assert.equal(versions.size, 1, [...versions].join(", "));
});

Deno.test("the workflows call tasks that there are", async () => {
  const text = (await Promise.all(WORKFLOWS.map(read))).join("\n");
  const called = new Set(all(text, /\bdeno task (?:--quiet )?([\w:]+)/g));
  assert.ok(called.size > 0);
  const missing = [...called].filter((name) => !Object.hasOwn(config.tasks, name));
  assert.deepEqual(missing, []);
});

Deno.test("the workflows name actions by commit, with the version beside it, and each one the same way", async () => {
  const pins = new Map<string, string>();
  for (const file of WORKFLOWS) {
    for (const use of all(await read(file), /uses: (.*)/g)) {
      if (use.startsWith("./")) continue;
      const [, action = "", pin = ""] = /^([\w./-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(use) ??
        [];
      assert.ok(pin, `${file}: ${use}`);
      assert.equal(pins.get(action) ?? pin, pin, `${file}: ${action}`);
      pins.set(action, pin);
    }
  }
  assert.ok(pins.size > 0);
});

Deno.test("the jobs of the workflows have no rights but their own, and end in time", async () => {
  for (const file of WORKFLOWS) {
    // as: actionlint has checked its form.
    const { permissions, jobs } = parse(await read(file)) as Workflow;
    assert.deepEqual(permissions, {}, file);
    for (const [name, job] of Object.entries(jobs)) {
      assert.ok(job.permissions, `${file}: ${name} says what it may`);
      assert.ok(job.uses ?? job["timeout-minutes"], `${file}: ${name} has a limit of time`);
      const writes = Object.values(job.permissions).filter((access) => access !== "read");
      const isRelease = file.endsWith("release.yml");
      assert.ok(isRelease || writes.length === 0, `${file}: ${name} only reads`);
      for (const { run = "" } of job.steps ?? []) {
        // What others write, such as the name of a branch, would be run as part of the script.
        assert.doesNotMatch(run, /\$\{\{(?! *matrix\.)/, `${file}: ${name}`);
      }
    }
  }
});
