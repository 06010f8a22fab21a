/** Two and three replicas as processes: who works while they are stopped, killed, frozen and cut off. */

import assert from "node:assert/strict";
import { controlPlaneSuite } from "../support/tools.ts";
import {
  embeddedCluster,
  proxyTo,
  realCluster,
  type ReplicaCluster,
  Replicas,
} from "./replicas.ts";

/** Short times, so that a lease expires while one waits, but not while a busy machine does something else; in seconds. */
const SHORT = ["--lease-duration", "6", "--renew-deadline", "5", "--retry-period", "0.5"];

/** How long a lease of these times holds at least after a leader is gone, in ms: the last renewal was half a second ago at most, and took a while. */
const SHORTEST_MS = 4_500;

/** By when somebody else must have taken it, in ms: a busy machine takes its time. */
const LONGEST_MS = 6_000 + 2_000;

/** What one worker and the writer of events may have under way. */
const UNDER_WAY = 2;

/** What a replica says that waits. */
const WAITING = "Waiting to become the leader";

async function elect(t: Deno.TestContext, start: () => Promise<ReplicaCluster>): Promise<void> {
  await using cluster = await start();
  await using replicas = await Replicas.on(cluster);
  /** Who led, one after the other. */
  const leaders: string[] = [];

  await t.step("a leader that gets SIGTERM hands over in less than 2 s", async () => {
    const a = await replicas.start("a");
    await replicas.elected(a);
    const b = await replicas.start("b");
    await b.logged(WAITING);
    a.program.kill("SIGTERM");
    const { tookMs } = await replicas.elected(b);
    assert.ok(tookMs < 2_000, `it took ${tookMs} ms`);
    assert.equal(await a.program.exited, 0, a.program.stderr());
    b.program.kill("SIGINT");
    assert.equal(await b.program.exited, 0, b.program.stderr());
    leaders.push("a", "b");
  });

  await t.step("a leader that gets SIGKILL is followed once its lease has expired", async () => {
    const c = await replicas.start("c", SHORT);
    await replicas.elected(c);
    const d = await replicas.start("d", SHORT);
    await d.logged(WAITING);
    c.program.kill("SIGKILL");
    const { tookMs } = await replicas.elected(d);
    assert.ok(tookMs > SHORTEST_MS && tookMs < LONGEST_MS, `it took ${tookMs} ms`);
    d.program.kill("SIGTERM");
    assert.equal(await d.program.exited, 0, d.program.stderr());
    leaders.push("c", "d");
  });

  await t.step("a leader that is frozen until another one leads goes on to end", async () => {
    const e = await replicas.start("e", [...SHORT, "--workers", "1"]);
    await replicas.elected(e);
    const f = await replicas.start("f", SHORT);
    await f.logged(WAITING);
    e.program.kill("SIGSTOP");
    const { tookMs } = await replicas.elected(f);
    assert.ok(tookMs > SHORTEST_MS && tookMs < LONGEST_MS, `it took ${tookMs} ms`);
    e.program.kill("SIGCONT");
    assert.equal(await e.program.exited, 1, e.program.stderr());
    assert.match(e.program.stderr(), /Lost the lease/);
    f.program.kill("SIGTERM");
    assert.equal(await f.program.exited, 0, f.program.stderr());
    leaders.push("e", "f");
  });

  await t.step("a leader that is cut off ends before another one leads", async () => {
    await using proxy = proxyTo(cluster);
    const g = await replicas.start("g", SHORT, proxy);
    await replicas.elected(g);
    const h = await replicas.start("h", SHORT);
    await h.logged(WAITING);
    proxy.cut();
    const ended = g.program.exited.then(() => performance.now());
    const { tookMs } = await replicas.elected(h);
    const tookAt = performance.now();
    assert.ok(tookMs > SHORTEST_MS && tookMs < LONGEST_MS, `it took ${tookMs} ms`);
    assert.ok(await ended < tookAt, "the one ended before the other one worked");
    assert.equal(await g.program.exited, 1, g.program.stderr());
    assert.match(g.program.stderr(), /Cannot keep the lease '.*': it was not renewed within 5 s/);
    h.program.kill("SIGTERM");
    assert.equal(await h.program.exited, 0, h.program.stderr());
    leaders.push("g", "h");
  });

  await t.step("of three replicas one leads, then another one, then the last one", async () => {
    const names = ["i", "j", "k"];
    let left = await Promise.all(names.map((name) => replicas.start(name, SHORT)));
    for (const signal of ["SIGKILL", "SIGTERM", "SIGTERM"] as const) {
      const { leader } = await replicas.elected(...left);
      leaders.push(leader.name);
      left = left.filter((other) => other !== leader);
      for (const other of left) await other.logged(WAITING);
      leader.program.kill(signal);
    }
  });

  await t.step(
    "no leader wrote when another one did, but for what was under way when it was frozen",
    async () => {
      const { e = 0, ...late } = await replicas.lateWrites(leaders);
      assert.deepEqual(late, {});
      assert.ok(e <= UNDER_WAY, `${e} writes`);
    },
  );

  await t.step("no right was missing", async () => {
    assert.deepEqual(await replicas.refused(), []);
  });
}

Deno.test("replicas on the embedded cluster", (t) => elect(t, embeddedCluster));

controlPlaneSuite(
  [],
  "replicas on a real control plane",
  (t, assets) => elect(t, () => realCluster(assets)),
);
