/** How often Secrets are read. */

import assert from "node:assert/strict";
import { SECRETS } from "../../lib/kube/mod.ts";
import { maxAgeMs, SecretReader } from "../../lib/network/secret_reader.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { failure } from "../support/scripted_server.ts";
import { FakeCluster } from "./_fake_cluster.ts";

const { signal } = new AbortController();
const AT_LEISURE = { isUrgent: false, signal };

function setUp(): { clock: FakeClock; cluster: FakeCluster; reader: SecretReader } {
  const clock = new FakeClock();
  const cluster = new FakeCluster(clock);
  const maxAgeMs = (): number => 30_000;
  const options = { namespace: "test", clock, maxAgeMs, random: () => 0 };
  return { clock, cluster, reader: new SecretReader(cluster.client, options) };
}

Deno.test("SecretReader.get() reads a Secret once in 30 s", async () => {
  const { clock, cluster, reader } = setUp();
  cluster.put(SECRETS, { metadata: { name: "s" }, data: { a: "1" } });
  for (let seconds = 0; seconds < 30; seconds++) {
    assert.equal((await reader.get("s", AT_LEISURE))?.data?.["a"], "1");
    await clock.advance(1_000);
  }
  assert.equal(cluster.requests.length, 1);
  cluster.put(SECRETS, { metadata: { name: "s" }, data: { a: "2" } });
  assert.equal((await reader.get("s", AT_LEISURE))?.data?.["a"], "2");
});

Deno.test("SecretReader.get() returns the same object for the same version, and another one for another", async () => {
  const { clock, cluster, reader } = setUp();
  cluster.put(SECRETS, { metadata: { name: "s" }, data: { a: "1" } });
  const first = await reader.get("s", AT_LEISURE);
  await clock.advance(31_000);
  assert.equal(await reader.get("s", AT_LEISURE), first);
  assert.equal(cluster.requests.length, 2);
  cluster.put(SECRETS, { metadata: { name: "s" }, data: { a: "2" } });
  await clock.advance(31_000);
  assert.notEqual(await reader.get("s", AT_LEISURE), first);
});

Deno.test("SecretReader.get() returns an older answer to whoever is in a hurry, for 30 s more", async () => {
  const { clock, cluster, reader } = setUp();
  cluster.put(SECRETS, { metadata: { name: "s" } });
  await reader.get("s", AT_LEISURE);
  await clock.advance(59_000);
  await reader.get("s", { isUrgent: true, signal });
  assert.equal(cluster.requests.length, 1);
  await clock.advance(1_000);
  await reader.get("s", { isUrgent: true, signal });
  assert.equal(cluster.requests.length, 2);
});

Deno.test("SecretReader.get() spreads what was read at once over half of the age", async () => {
  const clock = new FakeClock();
  const cluster = new FakeCluster(clock);
  const draws = [0, 0.5, 0.99];
  const random = (): number => draws.shift() ?? 0;
  const options = { namespace: "test", clock, random, maxAgeMs: () => 30_000 };
  const reader = new SecretReader(cluster.client, options);
  const names = ["a", "b", "c"];
  for (const name of names) cluster.put(SECRETS, { metadata: { name } });
  const reads: string[] = [];
  for (let seconds = 0; seconds < 30; seconds++) {
    cluster.requests.length = 0;
    for (const name of names) await reader.get(name, AT_LEISURE);
    reads.push(...cluster.requests.map((request) => `${seconds} s: ${request}`));
    await clock.advance(1_000);
  }
  assert.deepEqual(reads.slice(3), ["16 s: GET secrets/c", "23 s: GET secrets/b"]);
});

Deno.test("maxAgeMs() is 30 s for few networks, and keeps many to 10 reads a second", () => {
  assert.equal(maxAgeMs(0), 30_000);
  assert.equal(maxAgeMs(150), 30_000);
  assert.equal(maxAgeMs(1_000), 200_000);
});

Deno.test("SecretReader.get() looks each time for a Secret that is missing", async () => {
  const { cluster, reader } = setUp();
  assert.equal(await reader.get("s", AT_LEISURE), undefined);
  cluster.put(SECRETS, { metadata: { name: "s" } });
  assert.ok(await reader.get("s", AT_LEISURE));
});

Deno.test("SecretReader.get() reads anew what was forgotten", async () => {
  const { cluster, reader } = setUp();
  cluster.put(SECRETS, { metadata: { name: "s" }, data: { a: "1" } });
  await reader.get("s", AT_LEISURE);
  cluster.put(SECRETS, { metadata: { name: "s" }, data: { a: "2" } });
  reader.forget("s");
  assert.equal((await reader.get("s", AT_LEISURE))?.data?.["a"], "2");
});

Deno.test("SecretReader.get() believes what was just written", async () => {
  const { cluster, reader } = setUp();
  reader.remember("s", cluster.put(SECRETS, { metadata: { name: "s" } }));
  assert.ok(await reader.get("s", AT_LEISURE));
  assert.equal(cluster.requests.length, 0);
});

Deno.test("SecretReader.get() throws when it may not read", async () => {
  const { cluster, reader } = setUp();
  cluster.refusals.set("GET secrets/s", () => failure(403, "Forbidden"));
  await assert.rejects(reader.get("s", AT_LEISURE), /Forbidden/);
});
