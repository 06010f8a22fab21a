/** `run` against a cluster, as a person or a probe sees it. */

import assert from "node:assert/strict";
import { runProgram } from "../../../lib/cli/mod.ts";
import type { EmbeddedCluster } from "../../../lib/embedded/mod.ts";
import { CUSTOM_RESOURCE_DEFINITIONS, KubeClient, SECRETS } from "../../../lib/kube/mod.ts";
import { customResourceDefinition, LEASE_NAME } from "../../../lib/network/mod.ts";
import { startCluster } from "../../support/cluster.ts";
import { eventually } from "../../support/eventually.ts";
import { fakeIo } from "../../support/fake_io.ts";
import { UsedSecrets } from "../../support/secrets.ts";
import { createReadyNetwork } from "./_ready_network.ts";

/** `run` in this process, until it is disposed of or ends. */
class RunningProgram implements AsyncDisposable {
  readonly io;
  readonly ended: Promise<number>;
  readonly #stop = new AbortController();

  constructor(cluster: EmbeddedCluster, ...args: readonly string[]) {
    this.io = fakeIo({ signal: this.#stop.signal });
    const all = ["run", "--kubeconfig", cluster.kubeconfig, "--log-format", "json", ...args];
    this.ended = runProgram(all, this.io);
  }

  /** What was logged so far. */
  get lines(): readonly Record<string, unknown>[] {
    return this.io.stderr().split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }

  /** The URL at which it serves. */
  async url(): Promise<string> {
    const url = await eventually(
      () => this.lines.find(({ message }) => message === "Serving health and metrics")?.["url"],
      { what: "the server to listen" },
    );
    return String(url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The test is over"));
    await this.ended;
  }
}

async function textOf(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

Deno.test("run competes for the Lease that its rights are for", async () => {
  const io = fakeIo();
  await runProgram(["run", "--help"], io);
  const help = io.stdout().replaceAll(/\s+/g, " ");
  assert.match(help, new RegExp(`--lease-name <name> [^()]*\\(default: "${LEASE_NAME}"\\)`));
});

Deno.test("run serves health and metrics, logs every line of a run with its ID, and tells no secret", async () => {
  await using cluster = await startCluster();
  using client = new KubeClient(cluster.connection);
  await using program = new RunningProgram(
    cluster,
    ...["--listen", "127.0.0.1:0", "--log-level", "debug", "--peer-addresses", "ip"],
  );
  const url = await program.url();
  const greeting = program.lines.find(({ message }) => message === "Connected");
  assert.match(String(greeting?.["version"]), /^v\d+\.\d+\.\d+/);
  assert.equal(await textOf(`${url}/livez`), "ok");
  // The CRD is not there yet.
  assert.match(await textOf(`${url}/readyz`), /\[-\]informers failed: reason withheld/);
  const problem = program.lines.find(({ message }) => message === "A health check fails");
  assert.match(String(problem?.["problem"]), /not all objects are known of .*bitcoinnetworks/);

  await client.resource(CUSTOM_RESOURCE_DEFINITIONS).apply(customResourceDefinition(), {
    fieldManager: "test",
  });
  await eventually(async () => await textOf(`${url}/readyz`) === "ok", {
    what: "readiness",
    timeoutMs: 20_000,
  });
  await createReadyNetwork(client);
  const metrics = await eventually(async () => {
    const text = await textOf(`${url}/metrics`);
    return text.includes('bitcoin_controller_networks{state="ready"} 1') && text;
  }, { what: "the metric of networks" });
  assert.match(
    metrics,
    /^rest_client_requests_total\{code="201",method="POST",host="127\.0\.0\.1:\d+"\} [1-9]/m,
  );
  assert.match(
    metrics,
    /^bitcoin_controller_rpc_requests_total\{method="batch",result="success"\} [1-9]/m,
  );
  assert.match(
    metrics,
    /^controller_runtime_reconcile_total\{controller="bitcoin-controller",result="requeue_after"\} [1-9]/m,
  );
  assert.match(
    metrics,
    /^controller_runtime_reconcile_panics_total\{controller="bitcoin-controller"\} 0$/m,
  );

  // Lines of other rooms carry the ID of the run that they belong to.
  const acting = program.lines.find(({ message }) => message === "Acting on a node");
  assert.equal(acting?.["key"], "default/net");
  const run = program.lines.filter(({ reconcileId }) => reconcileId === acting?.["reconcileId"]);
  assert.ok(run.some(({ message }) => message === "Reconciling"));
  assert.ok(run.some(({ message }) => message === "Reconciled"));

  const secrets = new UsedSecrets().addKubeconfig(await Deno.readTextFile(cluster.kubeconfig));
  const { items } = await client.resource(SECRETS, "default").list();
  assert.ok(items.some(({ metadata }) => metadata.name === "net-rpc"));
  for (const secret of items) secrets.addObject(secret);
  secrets.assertNoneIn({
    stdout: program.io.stdout(),
    stderr: program.io.stderr(),
    metrics,
    readyz: await textOf(`${url}/readyz?verbose`),
  });
});

Deno.test("run listens nowhere unless it is asked to, on a machine that is no pod", async () => {
  await using cluster = await startCluster();
  await using program = new RunningProgram(cluster, "--log-level", "debug");
  await eventually(() =>
    program.lines.some(({ message, part }) => message === "Starting" && part === "events")
  );
  assert.ok(!program.lines.some(({ logger }) => logger === "bitcoin-controller.server"));
});

Deno.test("run exits 1 and names the address when the port is taken", async () => {
  await using cluster = await startCluster();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${taken.addr.port}`;
  await using program = new RunningProgram(cluster, "--listen", address);
  assert.equal(await program.ended, 1);
  const { level, error } = program.lines.at(-1) ?? {};
  assert.equal(level, "FATAL");
  assert.match(String(error), new RegExp(`^Cannot listen on '${address}': .*in use`));
});

Deno.test("run exits 1 without the token of the URL when the server of a kubeconfig is gone", async () => {
  const cluster = await startCluster();
  const file = await Deno.makeTempFile();
  const text = await Deno.readTextFile(cluster.kubeconfig);
  await Deno.writeTextFile(file, text);
  await cluster.close();
  const io = fakeIo();
  const code = await runProgram(["run", "--kubeconfig", file, "--log-level", "debug"], io);
  await Deno.remove(file);
  assert.equal(code, 1);
  assert.match(io.stderr(), /Cannot use the API server 'http:\/\/127\.0\.0\.1:\d+' of context/);
  new UsedSecrets().addKubeconfig(text).assertNoneIn({ stderr: io.stderr() });
});
