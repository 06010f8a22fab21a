/** SIGTERM before `run` has come to work: it is asked to stop, stops at once, and that is a success. */

import assert from "node:assert/strict";
import { stringify } from "yaml";
import { CUSTOM_RESOURCE_DEFINITIONS, KubeClient, LEASES } from "../../../lib/kube/mod.ts";
import { customResourceDefinition, LEASE_NAME } from "../../../lib/network/mod.ts";
import { startCluster } from "../../support/cluster.ts";
import { eventually } from "../../support/eventually.ts";
import { type RunningProgram, startProgram } from "../../support/program.ts";
import { json } from "../../support/scripted_server.ts";
import { hangingServer } from "./_hanging_server.ts";

/** Far below the 30 s that a request may take, and far above what a busy machine needs, in ms. */
const PROMPT_MS = 5000;

/** Starts `run` with a kubeconfig for that server. */
async function startRun(server: string): Promise<RunningProgram & { readonly file: string }> {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(
    file,
    stringify({
      "current-context": "a",
      clusters: [{ name: "a", cluster: { server } }],
      contexts: [{ name: "a", context: { cluster: "a" } }],
    }),
  );
  return { ...await startProgram(["run", "--kubeconfig", file]), file };
}

/** Asks it to stop, and returns what it said. */
async function stopsAtOnce(program: RunningProgram): Promise<string> {
  const start = performance.now();
  program.kill("SIGTERM");
  assert.equal(await program.exited, 0, program.stderr());
  assert.ok(performance.now() - start < PROMPT_MS, "it stops at once");
  assert.match(program.stderr(), /\bStopped\n$/);
  return program.stderr();
}

for (
  const [when, answers, requests] of [
    ["while the API server does not answer", [], 1],
    ["during its first lists", [json({ gitVersion: "v1.34.0" })], 5],
  ] as const
) {
  Deno.test(`run exits 0 at once when it is asked to stop ${when}`, async () => {
    await using hanging = hangingServer(answers);
    await using program = await startRun(hanging.server.url);
    try {
      await eventually(() => hanging.server.requests.length === requests, {
        what: `${requests} requests`,
        timeoutMs: 20_000,
      });
      await stopsAtOnce(program);
    } finally {
      await Deno.remove(program.file);
    }
  });
}

Deno.test("run exits 0 at once when it is asked to stop while nothing listens where the API server should be", async () => {
  // Between two of the three attempts, which are a second apart.
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using program = await startRun(`http://127.0.0.1:${listener.addr.port}`);
  try {
    (await listener.accept()).close();
    listener.close();
    await stopsAtOnce(program);
  } finally {
    await Deno.remove(program.file);
  }
});

Deno.test("run exits 0 at once when it is asked to stop while another replica leads, and leaves that one its lease", async () => {
  await using cluster = await startCluster();
  using client = new KubeClient(cluster.connection);
  await client.resource(CUSTOM_RESOURCE_DEFINITIONS).apply(customResourceDefinition(), {
    fieldManager: "test",
  });
  const leases = client.resource(LEASES, "default");
  const spec = {
    holderIdentity: "another",
    leaseDurationSeconds: 3600,
    // MicroTime: it has six digits.
    renewTime: new Date().toISOString().replace("Z", "000Z"),
  };
  await leases.create({ metadata: { name: LEASE_NAME }, spec });
  const args = ["--leader-elect", "--kubeconfig", cluster.kubeconfig, "--log-level", "debug"];
  await using program = await startProgram(["run", ...args]);
  await eventually(
    () =>
      cluster.api.requests.some(({ resource, verb, userAgent }) =>
        resource === "leases" && verb === "watch" && userAgent.startsWith("bitcoin-controller/")
      ),
    { what: "it to wait for the lease", timeoutMs: 20_000 },
  );
  const log = await stopsAtOnce(program);
  assert.doesNotMatch(log, /Became the leader/);
  assert.deepEqual({ ...(await leases.get(LEASE_NAME)).spec }, spec);
});

Deno.test("main.ts imports only types, so that it hears a signal before all else is loaded", async () => {
  const source = await Deno.readTextFile(new URL("../../../main.ts", import.meta.url));
  const imports = source.match(/^import .*/gm) ?? [];
  assert.ok(imports.length > 0);
  for (const line of imports) assert.match(line, /^import type /);
});
