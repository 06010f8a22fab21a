/** What `deno task build` finds in the files that it compiles. */

import assert from "node:assert/strict";
import { packagesIn } from "../../tasks/_bundle.ts";
import { permissionFlags, PERMISSIONS } from "../../tasks/_permissions.ts";

Deno.test("packagesIn() finds the packages whose code is in a file", () => {
  const file = `import "node:fs";
// lib/cli/mod.ts
// node_modules/.deno/commander@15.1.0/node_modules/commander/lib/error.js
// node_modules/.deno/commander@15.1.0/node_modules/commander/lib/command.js
// node_modules/.deno/@bomb.sh+tab@0.0.22/node_modules/@bomb.sh/tab/dist/index.mjs
const text = "// node_modules/.deno/no@1.0.0/node_modules/no/index.js";
`;
  assert.deepEqual([...packagesIn(file)], ["commander@15.1.0", "@bomb.sh/tab@0.0.22"]);
});

Deno.test("permissionFlags() allow what is listed, and no more is asked for", () => {
  const flags = permissionFlags([
    { kind: "net", why: "" },
    { kind: "env", only: ["HOME", "PATH"], why: "" },
  ]);
  assert.deepEqual(flags, ["--allow-net", "--allow-env=HOME,PATH", "--deny-import", "--no-prompt"]);
});

Deno.test("the program is not allowed everything", () => {
  const flags = permissionFlags(PERMISSIONS);
  assert.ok(!flags.some((flag) => /^(-A|--allow-(all|ffi|import))/.test(flag)));
  for (const kind of ["env", "sys"]) assert.ok(!flags.includes(`--allow-${kind}`), kind);
});
