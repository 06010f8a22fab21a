import assert from "node:assert/strict";
import { findTool } from "./tools.ts";

Deno.test("findTool() finds a program in PATH, or first in the folders that it is given", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/sh`, "#!/bin/sh\n", { mode: 0o755 });
    await Deno.writeTextFile(`${folder}/notes`, "", { mode: 0o644 });
    await Deno.mkdir(`${folder}/folder`);
    assert.equal(findTool("sh", [folder]), `${folder}/sh`);
    assert.match(findTool("sh") ?? "", /^\/.*\/sh$/);
    for (const name of ["notes", "folder", "no such program"]) {
      assert.equal(findTool(name, [folder]), undefined);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
