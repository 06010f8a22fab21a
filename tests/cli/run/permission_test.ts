/** What `run` gives up before it works. */

import assert from "node:assert/strict";
import { type Permission, runProgram } from "../../../lib/cli/mod.ts";
import { fakeIo } from "../../support/fake_io.ts";

/** What `run` gives up with a user of this kind, of a server that does not answer. */
async function givenUp(user: unknown): Promise<readonly Permission[]> {
  const kubeconfig = await Deno.makeTempFile({ prefix: "permission-test-" });
  // JSON is YAML too.
  await Deno.writeTextFile(
    kubeconfig,
    JSON.stringify({
      "current-context": "one",
      contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
      clusters: [{ name: "one", cluster: { server: "http://127.0.0.1:1" } }],
      users: [{ name: "one", user }],
    }),
  );
  const names: Permission[] = [];
  const io = fakeIo({ giveUp: (name) => void names.push(name) });
  try {
    assert.equal(await runProgram(["run", "--kubeconfig", kubeconfig], io), 1, io.stderr());
  } finally {
    await Deno.remove(kubeconfig);
  }
  return names;
}

Deno.test("run gives up to write files and to run programs", async () => {
  assert.deepEqual(await givenUp({ token: "abc" }), ["write", "run"]);
});

Deno.test("run keeps the right to run programs where a credential plugin is one", async () => {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "false",
    interactiveMode: "Never",
  };
  assert.deepEqual(await givenUp({ exec }), ["write"]);
});

Deno.test("giveUp() leaves a process that can neither write nor run programs, and asks nobody", async () => {
  const permission = new URL("../../../lib/cli/permission.ts", import.meta.url);
  const program = `
    import { giveUp } from ${JSON.stringify(permission.href)};
    const tries = [
      () => Deno.writeTextFileSync("/dev/null", ""),
      () => new Deno.Command("true").outputSync(),
    ];
    const outcomes = () => tries.map((act) => {
      try { act(); return "done"; } catch (error) { return error.name; }
    }).join(" ");
    const before = outcomes();
    giveUp("write");
    giveUp("run");
    console.log(before + ", then " + outcomes());
  `;
  const file = await Deno.makeTempFile({ prefix: "permission-test-", suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, program);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write", "--allow-run", file],
    }).output();
    assert.equal(new TextDecoder().decode(stdout), "done done, then NotCapable NotCapable\n");
  } finally {
    await Deno.remove(file);
  }
});
