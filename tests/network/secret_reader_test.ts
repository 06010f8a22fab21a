/** How often Secrets are read. */

import assert from "node:assert/strict";
import { SECRETS } from "../../lib/kube/mod.ts";
import { SecretReader } from "../../lib/network/secret_reader.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { failure } from "../support/scripted_server.ts";
import { FakeCluster } from "./_fake_cluster.ts";

const SIGNAL = new AbortController().signal;

function setUp(): { clock: FakeClock; cluster: FakeCluster; reader: SecretReader } {
  const clock = new FakeClock();
  const cluster = new FakeCluster(clock);
  return { clock, cluster, reader: new SecretReader(cluster.client, "test", clock) };
}

Deno.test("SecretReader.get() reads a Secret once in 30 s", async () => {
  const { clock, cluster, reader } = setUp();
  cluster.put(SECRETS, { metadata: { name: "s" }, data: { a: "1" } });
  for (let seconds = 0; seconds < 30; seconds++) {
    assert.equal((await reader.get("s", SIGNAL))?.data?.["a"], "1");
    await clock.advance(1_000);
  }
  assert.equal(cluster.requests.length, 1);
  cluster.put(SECRETS, { metadata: { name: "s" }, data: { a: "2" } });
  assert.equal((await reader.get("s", SIGNAL))?.data?.["a"], "2");
});

Deno.test("SecretReader.get() looks each time for a Secret that is missing", async () => {
  const { cluster, reader } = setUp();
  assert.equal(await reader.get("s", SIGNAL), undefined);
  cluster.put(SECRETS, { metadata: { name: "s" } });
  assert.ok(await reader.get("s", SIGNAL));
});

Deno.test("SecretReader.get() reads anew what was forgotten", async () => {
  const { cluster, reader } = setUp();
  cluster.put(SECRETS, { metadata: { name: "s" }, data: { a: "1" } });
  await reader.get("s", SIGNAL);
  cluster.put(SECRETS, { metadata: { name: "s" }, data: { a: "2" } });
  reader.forget("s");
  assert.equal((await reader.get("s", SIGNAL))?.data?.["a"], "2");
});

Deno.test("SecretReader.get() believes what was just written", async () => {
  const { cluster, reader } = setUp();
  reader.remember("s", cluster.put(SECRETS, { metadata: { name: "s" } }));
  assert.ok(await reader.get("s", SIGNAL));
  assert.equal(cluster.requests.length, 0);
});

Deno.test("SecretReader.get() throws when it may not read", async () => {
  const { cluster, reader } = setUp();
  cluster.refusals.set("GET secrets/s", () => failure(403, "Forbidden"));
  await assert.rejects(reader.get("s", SIGNAL), /Forbidden/);
});
