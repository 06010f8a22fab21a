/** What `deno task build` compiles for, and what it says when it cannot. */

import assert from "node:assert/strict";
import {
  problemOfDownload,
  problemOfStub,
  TARGET_NAMES,
  targetOf,
  targetOfProgram,
  TARGETS,
} from "../../tasks/_targets.ts";

/** The first bytes of a program for each target. */
const HEADS: Readonly<Record<string, readonly number[]>> = {
  "linux-x64": [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 62, 0],
  "linux-arm64": [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 183, 0],
  "macos-x64": [0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1],
  "macos-arm64": [0xcf, 0xfa, 0xed, 0xfe, 12, 0, 0, 1],
};

/** Builds, with what must fail before anything is made. */
async function build(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly stderr: string }> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "tasks/build.ts", ...args],
    cwd: new URL("../../", import.meta.url),
    env: { NO_COLOR: "1", ...env },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("targetOf() is this machine's without a name, and the named one otherwise", () => {
  assert.equal(targetOf(undefined, "aarch64-apple-darwin").name, "macos-arm64");
  assert.equal(
    targetOf("linux-arm64", "x86_64-unknown-linux-gnu").triple,
    "aarch64-unknown-linux-gnu",
  );
});

Deno.test("targetOf() names the targets on a machine that is none", () => {
  assert.throws(() => targetOf(undefined, "x86_64-pc-windows-msvc"), {
    name: "RangeError",
    message:
      "Cannot compile for this machine, 'x86_64-pc-windows-msvc': there is no such target; name one by --target: " +
      "linux-x64, linux-arm64, macos-x64, macos-arm64",
  });
});

Deno.test("targetOfProgram() tells a program's platform by how it begins", () => {
  assert.deepEqual(Object.keys(HEADS), TARGET_NAMES);
  for (const target of TARGETS) {
    assert.equal(targetOfProgram(Uint8Array.from(HEADS[target.name] ?? [])), target);
  }
  assert.equal(
    targetOfProgram(new TextEncoder().encode("#!/bin/sh\necho no program\n")),
    undefined,
  );
  assert.equal(targetOfProgram(new Uint8Array()), undefined);
});

Deno.test("problemOfStub() says for what the stub is, and is silent about the right one", () => {
  const target = targetOf("linux-arm64", "");
  const head = (name: string): Uint8Array => Uint8Array.from(HEADS[name] ?? []);
  assert.equal(problemOfStub("/denort", head("linux-arm64"), target), undefined);
  assert.equal(
    problemOfStub("/denort", head("linux-x64"), target),
    "Cannot compile for linux-arm64: the runtime stub '/denort' in DENORT_BIN is for linux-x64; name one for " +
      "linux-arm64, or unset DENORT_BIN to have it downloaded",
  );
});

for (
  const [what, url] of [
    ["2.9", "https://dl.deno.land/release/v2.9.6/denort-x86_64-unknown-linux-gnu.zip"],
    ["2.4", "https://dl.deno.land/release/v2.4.2/denort-aarch64-apple-darwin.zip"],
  ] as const
) {
  Deno.test(`problemOfDownload() is one line about the stub that Deno ${what} cannot download`, () => {
    const stderr =
      `error: Writing deno compile executable to temporary file 'x.tmp-1'\n\nCaused by:\n    0: Setting up base ` +
      `binary.\n    1: error sending request for url (${url}): client error (Connect): dns error: failed to lookup ` +
      `address information: Name or service not known\n`;
    assert.equal(
      problemOfDownload(stderr, targetOf("linux-x64", "")),
      `Cannot compile for linux-x64: its runtime stub cannot be downloaded from ${url}; try again with a network, or ` +
        "name a stub of the same Deno in DENORT_BIN",
    );
  });
}

Deno.test("problemOfDownload() leaves other failures to Deno's own words", () => {
  const stderr = "error: Module not found 'file:///main.js'";
  assert.equal(problemOfDownload(stderr, targetOf("linux-x64", "")), undefined);
});

Deno.test("deno task build refuses a stub that is not there, is no program, or is not for the target", async () => {
  const missing = await build([], { DENORT_BIN: "/nonexistent/denort" });
  assert.equal(missing.code, 1);
  assert.match(
    missing.stderr,
    /^Cannot read the runtime stub '\/nonexistent\/denort' in DENORT_BIN/,
  );
  const script = await build(["--target", "linux-x64"], { DENORT_BIN: "/etc/passwd" });
  assert.equal(script.code, 1);
  assert.match(
    script.stderr,
    /'\/etc\/passwd' in DENORT_BIN is for no target; name one for linux-x64/,
  );
  const other = await build(["--target", "macos-arm64"], { DENORT_BIN: Deno.execPath() });
  assert.equal(other.code, 1);
  assert.match(
    other.stderr,
    /^Cannot compile for macos-arm64: .* is for (linux|macos)-(x64|arm64);/,
  );
});

Deno.test("deno task build names the targets when it is asked for another one", async () => {
  const { code, stderr } = await build(["--target", "windows-x64"], {});
  assert.equal(code, 2);
  assert.match(stderr, /Allowed choices are linux-x64, linux-arm64, macos-x64, macos-arm64/);
});
