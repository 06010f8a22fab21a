/** Two and three replicas as processes: who works while they are stopped, killed, frozen and cut off. */

import assert from "node:assert/strict";
import { controlPlaneSuite } from "../support/tools.ts";
import type { TcpProxy } from "../support/tcp_proxy.ts";
import {
  embeddedCluster,
  proxyTo,
  realCluster,
  type Replica,
  type ReplicaCluster,
  Replicas,
  type Term,
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

/** Freezes the leader until another one leads; it must end when it goes on. */
async function whenFrozen({ program }: Replica, next: () => Promise<Term>): Promise<Term> {
  program.kill("SIGSTOP");
  const term = await next();
  program.kill("SIGCONT");
  assert.equal(await program.exited, 1, program.stderr());
  assert.match(program.stderr(), /Lost the lease/);
  return term;
}

/** Cuts the leader off; it must end before another one leads. */
async function whenCutOff(
  { program }: Replica,
  proxy: TcpProxy,
  next: () => Promise<Term>,
): Promise<Term> {
  proxy.cut();
  const ended = program.exited.then(() => performance.now());
  const term = await next();
  const nextAt = performance.now();
  assert.ok(await ended < nextAt, "the one ended before the other one worked");
  assert.equal(await program.exited, 1, program.stderr());
  assert.match(program.stderr(), /Cannot keep the lease '.*': it was not renewed within 5 s/);
  return term;
}

/** Asks the leader to stop, which is a success, and waits for what `next` says. */
async function whenStopped<T>(
  { program }: Replica,
  next: () => Promise<T>,
): Promise<T> {
  program.kill("SIGTERM");
  const result = await next();
  assert.equal(await program.exited, 0, program.stderr());
  return result;
}

async function elect(t: Deno.TestContext, start: () => Promise<ReplicaCluster>): Promise<void> {
  await using cluster = await start();
  await using replicas = await Replicas.on(cluster);
  /** Who led, one after the other. */
  const leaders: string[] = [];
  /** Those of them that were frozen. */
  const frozen = ["e"];

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
    const { tookMs } = await whenFrozen(e, () => replicas.elected(f));
    assert.ok(tookMs > SHORTEST_MS && tookMs < LONGEST_MS, `it took ${tookMs} ms`);
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
    const { tookMs } = await whenCutOff(g, proxy, () => replicas.elected(h));
    assert.ok(tookMs > SHORTEST_MS && tookMs < LONGEST_MS, `it took ${tookMs} ms`);
    h.program.kill("SIGTERM");
    assert.equal(await h.program.exited, 0, h.program.stderr());
    leaders.push("g", "h");
  });

  await t.step("of three replicas another one leads whatever becomes of the leader", async () => {
    // deno-lint-ignore no-undef -- the linter does not know of this global yet
    await using proxies = new AsyncDisposableStack();
    const starts = new Map<Replica, TcpProxy>();
    const start = async (name: string): Promise<void> => {
      const proxy = proxies.use(proxyTo(cluster));
      starts.set(await replicas.start(name, [...SHORT, "--workers", "1"], proxy), proxy);
    };
    const next = (): Promise<Term> => replicas.elected(...starts.keys());
    /** Ends the leader's time as `harm` does, when the others wait. */
    const follow = async (
      harm: (leader: Replica, proxy: TcpProxy) => Promise<Term>,
    ): Promise<void> => {
      const { leader } = term;
      const proxy = starts.get(leader);
      assert.ok(proxy);
      starts.delete(leader);
      for (const other of starts.keys()) await other.logged(WAITING);
      term = await harm(leader, proxy);
      leaders.push(term.leader.name);
    };
    await Promise.all(["i", "j", "k"].map(start));
    let term = await next();
    leaders.push(term.leader.name);
    frozen.push(term.leader.name);
    await follow((leader) => whenFrozen(leader, next));
    await start("l");
    await follow((leader, proxy) => whenCutOff(leader, proxy, next));
    await start("m");
    await follow(async ({ program }) => {
      program.kill("SIGKILL");
      return await next();
    });
    await follow((leader) => whenStopped(leader, next));
    await whenStopped(term.leader, () => Promise.resolve());
  });

  await t.step(
    "no leader wrote when another one did, but for what was under way when it was frozen",
    async () => {
      for (const [name, count] of Object.entries(await replicas.lateWrites(leaders))) {
        assert.ok(frozen.includes(name) && count <= UNDER_WAY, `${count} writes of '${name}'`);
      }
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
