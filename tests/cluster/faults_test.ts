/**
 * An informer behind a proxy that breaks its connections: what it holds in the end is what the server has, although it
 * has felt each fault that it must feel.
 */

import assert from "node:assert/strict";
import { EmbeddedCluster } from "../../lib/embedded/mod.ts";
import { CONFIG_MAPS, type KubeClient, NAMESPACES } from "../../lib/kube/mod.ts";
import { systemClock } from "../../lib/time/mod.ts";
import { ControlPlane } from "../support/control_plane/mod.ts";
import { eventually } from "../support/eventually.ts";
import { type Fault, FaultProxy, type Match } from "../support/fault_proxy.ts";
import * as answers from "../support/fault_proxy_faults.ts";
import * as lines from "../support/fault_proxy_lines.ts";
import { pick, seededRandom, seedFrom } from "../support/seeded_random.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { ANSWERS, type FaultCase, LASTS_MS, LISTS, WATCHES } from "./_fault_cases.ts";
import type { Effect } from "./_fault_effects.ts";
import { FaultTable } from "./_fault_table.ts";
import { inParallel } from "./_in_parallel.ts";
import { Mirror, SPEED, Writer } from "./_mirror.ts";

/** How many cases run at once: they mostly wait. */
const AT_ONCE = 8;

/** How many random sequences there are. */
const SEQUENCES = 8;

/** How many faults a random sequence has. */
const FAULTS_IN_SEQUENCE = 6;

/** How long a fault is waited for, and the state after it, in ms. */
const TIMEOUT_MS = 30_000;

/** What requests a client may send for each failure: a list that is tried three times, and a watch. */
const REQUESTS_PER_FAILURE = 4;

/** An API server. */
interface Server extends AsyncDisposable {
  readonly client: KubeClient;
}

async function survivesFaults(t: Deno.TestContext, server: Server): Promise<void> {
  const seed = seedFrom("FAULT_SEED");
  const table = new FaultTable("requests", "failures", "restarts");
  const group = (name: string, cases: readonly Run[]): Promise<boolean> =>
    t.step(`${name} (FAULT_SEED=${seed})`, () =>
      inParallel(cases, AT_ONCE, async (run) => {
        await using scene = await openScene(server.client, seed, table);
        await run(scene);
      }));

  await group("faults of watches", [...ANSWERS, ...WATCHES].map(watchFault));
  await group("faults of lists", [...ANSWERS, ...LISTS].map(listFault));
  await group("refused connections", [refusedConnections]);
  await group(
    "random sequences",
    Array.from({ length: SEQUENCES }, (_, number) => randomSequence(seed + number)),
  );
  table.print();
}

Deno.test("an informer survives faults of the embedded API server", async (t) => {
  await using cluster = new EmbeddedCluster({ bitcoind: "fake" });
  await cluster.start();
  await survivesFaults(t, cluster);
});

controlPlaneSuite([], "an informer survives faults of a real API server", async (t, assets) => {
  await using plane = await ControlPlane.start({ assets, controllers: false });
  await survivesFaults(t, plane);
});

/** An informer behind a proxy, with some objects in its namespace, all well. */
interface Scene extends AsyncDisposable {
  readonly proxy: FaultProxy;
  readonly mirror: Mirror;
  readonly writer: Writer;
  readonly table: FaultTable;
}

type Run = (scene: Scene) => Promise<void>;

async function openScene(client: KubeClient, seed: number, table: FaultTable): Promise<Scene> {
  const name = `faults-${crypto.randomUUID()}`;
  await client.resource(NAMESPACES).create({ metadata: { name } });
  const direct = client.resource(CONFIG_MAPS, name);
  const writer = new Writer(direct, seededRandom(seed));
  await writer.write(10);
  await using resources = new globalThis.AsyncDisposableStack();
  const proxy = resources.use(new FaultProxy(client.connection));
  const mirror = resources.use(new Mirror(proxy, direct));
  await mirror.untilEqual("at the start", TIMEOUT_MS);
  const opened = resources.move();
  return { proxy, mirror, writer, table, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** How far a fault has got. */
interface Progress {
  /** Whether it has hit anything. */
  readonly isHit: () => boolean;
  /** Whether it is over. */
  readonly isOver: () => boolean;
  /** Whether the informer has noticed what it must notice. */
  readonly isFelt: () => boolean;
}

/** The watch is cut, and those that follow meet the fault. */
function watchFault({ fault, times, onWatch = "failure" }: FaultCase): Run {
  return async (scene) => {
    await survives(scene, `watch: ${fault.name}`, () => {
      const progress = meetFault(scene, fault, { watch: true, times }, onWatch);
      scene.proxy.cut({ watch: true });
      return progress;
    });
  };
}

/** The version of the watch expires, and the lists that follow meet the fault. */
function listFault({ fault, times, onList = "failure" }: FaultCase): Run {
  return async (scene) => {
    const { proxy } = scene;
    await survives(scene, `list: ${fault.name}`, () => {
      proxy.fault(answers.expired(), { watch: true });
      const progress = meetFault(scene, fault, { watch: false, times }, onList);
      proxy.cut({ watch: true });
      return progress;
    });
  };
}

/** Lets a fault hit the next requests. */
function meetFault(
  { proxy, mirror }: Scene,
  fault: Fault,
  { watch, times }: Required<Pick<Match, "watch" | "times">>,
  effect: Effect,
): Progress {
  const hits = { fault: fault.name, watch, since: proxy.requests.length };
  const pending = proxy.fault(fault, { watch, times });
  return {
    isHit: () => pending.hits > 0,
    isOver: () => pending.hits >= times,
    isFelt: () => mirror.restarts.show(effect, hits),
  };
}

async function refusedConnections(scene: Scene): Promise<void> {
  const { proxy, mirror } = scene;
  await survives(scene, "connections refused", () => {
    proxy.refuse();
    const before = mirror.failures;
    const isFelt = (): boolean => mirror.failures >= before + 3;
    return { isHit: isFelt, isOver: isFelt, isFelt };
  }, () => proxy.accept());
}

/** Breaks something, changes objects meanwhile, and looks what the informer makes of it. */
async function survives(
  scene: Scene,
  fault: string,
  start: () => Progress,
  end = () => {},
): Promise<void> {
  const { proxy, mirror, writer, table } = scene;
  const asked = proxy.requests.length;
  const startedMs = systemClock.monotonic();
  const { isHit, isOver, isFelt } = start();
  await writer.write(5);
  const isLong = (): boolean => systemClock.monotonic() - startedMs > LASTS_MS;
  await eventually(() => isOver() || (isHit() && isLong()), {
    what: `${fault} to be over`,
    timeoutMs: TIMEOUT_MS,
  });
  end();
  await writer.write(20);
  proxy.heal();
  const requests = proxy.requests.slice(asked);
  const convergedMs = await mirror.untilEqual(`after ${fault}`, TIMEOUT_MS);
  assertNoHotLoop(fault, requests.map(({ target }) => target), startedMs);
  await eventually(isFelt, { what: `${fault} to be felt`, timeoutMs: TIMEOUT_MS });
  const counts = [requests.length, mirror.failures, mirror.restarts.count];
  table.add({ fault, counts, convergedMs });
}

/** Backoff doubles from 800 ms, so that in this time there were only so many failures. */
function assertNoHotLoop(fault: string, requests: readonly string[], startedMs: number): void {
  const elapsedMs = (systemClock.monotonic() - startedMs) * SPEED;
  const most = REQUESTS_PER_FAILURE * (2 + Math.log2(1 + elapsedMs / 800) + elapsedMs / 30_000);
  assert.ok(
    requests.length <= most,
    `${fault}: ${requests.length} requests in ${elapsedMs} ms are over ${most}:\n${
      requests.slice(0, 20).join("\n")
    }`,
  );
}

/**
 * Several faults at random of watches and lists, each until it has hit. The last one must be felt: those before it are
 * cut short by the next one.
 */
function randomSequence(seed: number): Run {
  return async (scene) => {
    const { proxy, mirror, writer, table } = scene;
    const random = seededRandom(seed);
    const names: string[] = [];
    const happened = (): string => `${names.join(", then ")} (FAULT_SEED=${seed})`;
    let isLastFelt = (): boolean => true;
    for (let left = FAULTS_IN_SEQUENCE; left > 0; left--) {
      const watch = random() < 0.7;
      const { fault, onWatch = "failure", onList = "failure" } = pick(
        random,
        watch ? [...ANSWERS, ...WATCHES] : [...ANSWERS, ...LISTS],
      );
      const times = 1 + Math.floor(3 * random());
      names.push(`${times} x ${watch ? "watch" : "list"}: ${fault.name}`);
      if (!watch) {
        const told = random() < 0.5;
        proxy.fault(told ? lines.expiredEvent() : answers.expired(), { watch: true });
      }
      const effect = watch ? onWatch : onList;
      const { isHit, isFelt } = meetFault(scene, fault, { watch, times }, effect);
      isLastFelt = isFelt;
      proxy.cut({ watch: true });
      await writer.write(Math.floor(10 * random()));
      await eventually(isHit, { what: happened(), timeoutMs: TIMEOUT_MS });
    }
    await writer.write(5);
    proxy.heal();
    const requests = proxy.requests.length;
    const convergedMs = await mirror.untilEqual(`after ${happened()}`, TIMEOUT_MS);
    const what = `the last one to be felt: ${happened()}`;
    await eventually(isLastFelt, { what, timeoutMs: TIMEOUT_MS });
    const fault = `sequence ${seed}`;
    table.add({ fault, counts: [requests, mirror.failures, mirror.restarts.count], convergedMs });
  };
}
