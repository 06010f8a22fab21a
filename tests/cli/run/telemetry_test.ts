/** All that `run` serves, against what the documents promise. */

import assert from "node:assert/strict";
import { Telemetry } from "../../../lib/cli/run/telemetry.ts";
import { KubeClient } from "../../../lib/kube/mod.ts";
import { NetworkController } from "../../../lib/network/mod.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { samplesOf } from "../../server/_samples.ts";

/** A server that looks at a controller that is not started. */
class Served implements AsyncDisposable {
  readonly elector = { isLeading: false, isHealthy: true };
  readonly telemetry = new Telemetry({
    address: { hostname: "127.0.0.1", port: 0 },
    version: "1.2.3",
    server: "http://127.0.0.1:6443/token/some-token",
    workers: 5,
    clock: new FakeClock(),
  });
  readonly stopping = new AbortController();
  readonly #end = new AbortController();
  readonly #server;
  readonly #running: Promise<void>;

  constructor({ isElected = true } = {}) {
    const connection = { server: "http://127.0.0.1:6443", namespace: "default", description: "" };
    this.#server = this.telemetry.server({
      controller: new NetworkController({ client: new KubeClient(connection) }),
      election: isElected ? { name: "bitcoin-controller", elector: this.elector } : undefined,
      signal: this.stopping.signal,
    });
    this.#running = this.#server.run(this.#end.signal);
  }

  async get(path: string): Promise<string> {
    return await (await fetch(await this.#server.url() + path)).text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort(new Error("The test is over"));
    await this.#running;
  }
}

/** Type and labels of each metric of a text. */
function metricsOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const series = type === "histogram" ? `${name}_count` : name;
    const [, labels = ""] = new RegExp(`^${series}(?:\\{(.*)\\})? `, "m").exec(text) ?? [];
    const names = Array.from(labels.matchAll(/(\w+)="/g), ([, label]) => label);
    found[name] = `${type}: ${names.join(", ")}`;
  }
  return found;
}

Deno.test("/metrics has exactly the metrics, types and labels of the table in docs/operations.md", async () => {
  const doc = await Deno.readTextFile(new URL("../../../docs/operations.md", import.meta.url));
  const rows = doc.matchAll(
    /^\| `([a-z_]+)` +\| (counter|gauge|histogram) +\| ([a-z, ]*?) *\| \S/gm,
  );
  const documented = Object.fromEntries(
    Array.from(rows, ([, name, type, labels]) => [name, `${type}: ${labels}`]),
  );
  await using served = new Served();
  const served_ = metricsOf(await served.get("/metrics"));
  assert.ok(Object.keys(served_).length > 20);
  assert.deepEqual(served_, documented);
});

Deno.test("/metrics names the host of the API server, and not the token in its URL", async () => {
  await using served = new Served();
  const text = await served.get("/metrics");
  assert.match(text, /host="127\.0\.0\.1:6443"/);
  assert.doesNotMatch(text, /some-token/);
});

Deno.test("/metrics says which program it is, and who leads", async () => {
  await using served = new Served();
  const status = 'leader_election_master_status{name="bitcoin-controller"}';
  const before = samplesOf(await served.get("/metrics"));
  assert.equal(before[status], 0);
  assert.equal(
    before[`bitcoin_controller_build_info{version="1.2.3",deno="${Deno.version.deno}"}`],
    1,
  );
  assert.equal(before['bitcoin_controller_networks{state="stalled"}'], 0);
  assert.ok((before["process_resident_memory_bytes"] ?? 0) > 10_000_000);
  assert.ok((before["process_cpu_seconds_total"] ?? 0) > 0);
  const started = before["process_start_time_seconds"] ?? 0;
  assert.ok(Math.abs(started - Date.now() / 1000) < 24 * 3600);
  served.elector.isLeading = true;
  assert.equal(samplesOf(await served.get("/metrics"))[status], 1);
});

Deno.test("without an election there is neither its metric nor its check", async () => {
  await using served = new Served({ isElected: false });
  assert.doesNotMatch(await served.get("/metrics"), /leader_election/);
  assert.equal(await served.get("/livez?verbose"), "[+]ping ok\nlivez check passed\n");
});

Deno.test("liveness is the lease's, readiness that of the informers and of the stop", async () => {
  await using served = new Served();
  assert.equal(await served.get("/livez?verbose"), "[+]ping ok\n[+]lease ok\nlivez check passed\n");
  served.elector.isHealthy = false;
  assert.match(await served.get("/livez"), /\[-\]lease failed: reason withheld/);
  assert.match(
    await served.get("/readyz"),
    /^\[\+\]ping ok\n\[-\]informers failed: reason withheld\n\[\+\]shutdown ok\n/,
  );
  assert.equal(await served.get("/readyz?exclude=informers"), "ok");
  served.stopping.abort(new Error("stop"));
  assert.match(await served.get("/readyz?exclude=informers"), /\[-\]shutdown failed/);
});
