/** What is told of a program that was compiled. */

import assert from "node:assert/strict";
import { problemOfProgram, readOrigin, writeOrigin } from "../../tasks/_built.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";

Deno.test("problemOfProgram() is nothing for a program that says its version", () => {
  const ran = { ok: true, code: 0, stdout: "bitcoin-controller 0.1.0\n", stderr: "" };
  assert.equal(problemOfProgram("dist/p", ran, "0.1.0"), undefined);
});

for (
  const [what, ran, said] of [
    [
      "runs no further",
      {
        ok: false,
        stderr:
          "error: Could not find standalone binary section.\n\nStack backtrace:\n   0: <unknown>\n",
      },
      "error: Could not find standalone binary section.",
    ],
    ["is another one", { ok: true, stdout: "ls (GNU coreutils) 9.1\n" }, "ls (GNU coreutils) 9.1"],
    ["says nothing", { ok: false, code: 139 }, "nothing, and ends with 139"],
  ] as const
) {
  Deno.test(`problemOfProgram() tells what a program says that ${what}`, () => {
    const problem = problemOfProgram(
      "dist/p",
      { code: 1, stdout: "", stderr: "", ...ran },
      "0.1.0",
    );
    assert.equal(
      problem,
      `Cannot use 'dist/p', which was compiled: \`version\` says '${said}'; ` +
        "DENORT_BIN must name the runtime stub of the very Deno that compiles (DENO_COMPILE)",
    );
  });
}

Deno.test("readOrigin() is what writeOrigin() kept, and nothing where nothing was", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/o.json`;
  assert.deepEqual(await readOrigin(path), {});
  await writeOrigin(path, { commit: "c", epochSeconds: undefined });
  assert.deepEqual(await readOrigin(path), { commit: "c" });
});
