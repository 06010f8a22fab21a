/** `run` where nothing can be written: as in its container, whose file system is read-only and has no `/tmp`. */

import assert from "node:assert/strict";
import { CUSTOM_RESOURCE_DEFINITIONS, KubeClient } from "../../../lib/kube/mod.ts";
import { customResourceDefinition } from "../../../lib/network/mod.ts";
import { startCluster } from "../../support/cluster.ts";
import { startProgram } from "../../support/program.ts";
import { createReadyNetwork } from "./_ready_network.ts";

/** Where the runtime finds its packages, which are inside a binary: nothing of the program's. */
async function denoDir(): Promise<string> {
  const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json"], stderr: "null" });
  const { stdout } = await info.output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

Deno.test("run makes a network Ready without the right to write a file or to run a program, a home, a temporary folder or a PATH", async () => {
  await using cluster = await startCluster();
  using client = new KubeClient(cluster.connection);
  await client.resource(CUSTOM_RESOURCE_DEFINITIONS).apply(customResourceDefinition(), {
    fieldManager: "test",
  });
  await using program = await startProgram(
    ["run", "--peer-addresses", "ip", "--listen", "127.0.0.1:0", "--leader-elect"],
    { KUBECONFIG: cluster.kubeconfig, DENO_DIR: await denoDir() },
    { denied: ["--deny-write", "--deny-run", "--deny-ffi", "--no-prompt"], clearEnv: true },
  );
  await createReadyNetwork(client);
  program.kill("SIGTERM");
  assert.equal(await program.exited, 0, program.stderr());
  assert.doesNotMatch(program.stderr(), /WARN|ERROR|NotCapable/);
});
