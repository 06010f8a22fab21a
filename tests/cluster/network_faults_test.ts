/** The whole controller behind a proxy that breaks its connections while networks come, grow and go. */

import assert from "node:assert/strict";
import {
  KubeClient,
  type KubeObject,
  PODS,
  type ResourceType,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
} from "../../lib/kube/mod.ts";
import {
  API_VERSION,
  type BitcoinNetworkSpec,
  KIND,
  NetworkController,
} from "../../lib/network/mod.ts";
import { systemClock } from "../../lib/time/mod.ts";
import { eventually, untilGone } from "../support/eventually.ts";
import { fastClock } from "../support/fast_clock.ts";
import { FaultProxy, type Match } from "../support/fault_proxy.ts";
import * as answers from "../support/fault_proxy_faults.ts";
import { pick, seededRandom, seedFrom } from "../support/seeded_random.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { ANSWERS, type FaultAndEffects, LISTS, WATCHES } from "./_fault_cases.ts";
import { Restarts } from "./_fault_effects.ts";
import { FaultTable } from "./_fault_table.ts";
import { Lab } from "./lab.ts";
import { inParallel } from "./_in_parallel.ts";
import { embedded, real, type StartTarget, type Target } from "./target.ts";

/** How many cases run at once. */
const AT_ONCE = 4;

/** How much faster time goes for the controller. */
const SPEED = 10;

/** When the controller's client gives up on an answer, in ms. */
const TIMEOUT_MS = 1000;

/** How long all requests meet a fault at least, in ms. */
const LASTS_MS = 1500;

/** How long it is waited for that a fault hits and is felt, in ms. */
const FELT_MS = 30_000;

/** Text of every network, so that each of its lines has a character of several bytes. */
const ANNOTATIONS = { "example.com/motto": "₿itcoin" };

/** How many random sequences there are, and how many faults each has. */
const SEQUENCES = 3;
const FAULTS_IN_SEQUENCE = 5;

/** Faults that a controller meets besides those of an informer. */
const WRITES: readonly FaultAndEffects[] = [
  { fault: answers.loseAnswer() },
  { fault: answers.refusal(409, "Conflict") },
  { fault: answers.refusal(404, "NotFound") },
];

async function converges(t: Deno.TestContext, start: StartTarget): Promise<void> {
  await using target = await start();
  const seed = seedFrom("FAULT_SEED");
  const table = new FaultTable("requests", "hits", "restarts");
  const everything = [...ANSWERS, ...LISTS, ...WATCHES, ...WRITES];
  const group = (name: string, cases: readonly Case[]): Promise<boolean> =>
    t.step(
      `${name} (FAULT_SEED=${seed})`,
      () => inParallel(cases, AT_ONCE, (one) => runCase(target, one, table)),
    );
  const always = { times: Number.POSITIVE_INFINITY };
  await group(
    "faults of all requests",
    everything.map((one) => ({ name: one.fault.name, stages: [[one, always]] })),
  );
  await group(
    "random sequences",
    Array.from({ length: SEQUENCES }, (_, number) => {
      const random = seededRandom(seed + number);
      const stages = Array.from({ length: FAULTS_IN_SEQUENCE }, (): Stage => {
        const watch = random() < 0.5;
        const times = 1 + Math.floor(10 * random());
        return [pick(random, everything), { watch, times }];
      });
      return { name: `sequence ${seed + number}`, stages };
    }),
  );
  table.print();
}

Deno.test("networks converge through faults of the embedded API server", (t) =>
  converges(t, embedded("fake")));

controlPlaneSuite(
  [],
  "networks converge through faults of a real API server",
  (t, assets) => converges(t, real(assets, "fake")),
);

/** A fault and what it hits. */
type Stage = readonly [what: FaultAndEffects, match: Match];

/** Faults, one after the other. */
interface Case {
  readonly name: string;
  readonly stages: readonly Stage[];
}

/** A controller of one namespace, through a proxy, until it is disposed of. */
function startController(
  target: Target,
  proxy: FaultProxy,
  namespace: string,
  restarts: Restarts,
): AsyncDisposable & { failed: Promise<void> } {
  const clock = fastClock(SPEED);
  const client = new KubeClient(proxy.connection, { clock, timeoutMs: TIMEOUT_MS });
  const stop = new AbortController();
  const { peerAddresses } = target;
  const controller = new NetworkController({
    client,
    clock,
    peerAddresses,
    namespaces: [namespace],
    observers: { watches: restarts },
  });
  const running = controller.run(stop.signal);
  return {
    failed: running.then(() => {
      if (!stop.signal.aborted) throw new Error("The controller ended by itself");
    }),
    async [Symbol.asyncDispose]() {
      stop.abort(new Error("The test is over"));
      await running;
      client.close();
    },
  };
}

/** Three networks: one comes, one grows and one goes while requests meet the faults of the case. */
async function runCase(target: Target, { name, stages }: Case, table: FaultTable): Promise<void> {
  const lab = new Lab(target, `faults-${crypto.randomUUID()}`);
  await lab.setUp();
  await using proxy = new FaultProxy(target.controller);
  const restarts = new Restarts(proxy);
  await using controller = startController(target, proxy, lab.namespace, restarts);
  const story = async (): Promise<void> => {
    await createNetwork(lab, "grows", { nodes: 1 });
    await createNetwork(lab, "goes", { nodes: 1 });
    await Promise.all([lab.untilReady("grows", 1), lab.untilReady("goes", 1)]);
    const before = proxy.requests.length;
    const restartsBefore = restarts.count;
    const hits = (): number =>
      proxy.requests.slice(before).filter(({ fault }) => fault !== undefined).length;
    for (const [number, [{ fault }, match]] of stages.entries()) {
      proxy.fault(fault, match);
      proxy.cut();
      if (number === 0) {
        await createNetwork(lab, "comes", { nodes: 2 });
        await lab.networks.scale.mergePatch("grows", { spec: { replicas: 2 } });
        await lab.networks.delete("goes");
      }
      // That the world breaks for a while is the point.
      await systemClock.sleep(LASTS_MS / stages.length);
    }
    await eventually(() => hits() > 0 && isFelt(stages, restarts, before), {
      what: `${name} to hit, and to be felt`,
      timeoutMs: FELT_MS,
    });
    const counts = [proxy.requests.length - before, hits(), restarts.count - restartsBefore];
    proxy.heal();
    const start = systemClock.monotonic();
    await Promise.all([lab.untilReady("grows", 2), lab.untilReady("comes", 2), untilAllGone(lab)]);
    const convergedMs = systemClock.monotonic() - start;
    table.add({ fault: name, counts, convergedMs });
  };
  try {
    await Promise.race([story(), controller.failed]);
  } catch (cause) {
    throw new Error(`The networks of ${lab.namespace} did not converge after ${name}`, { cause });
  }
}

/**
 * Whether watches have failed of a fault that all of them meet, if they must. Of several faults, each is cut short by
 * the next one; and a watch with nothing to tell is silent without a fault.
 */
function isFelt(stages: readonly Stage[], restarts: Restarts, since: number): boolean {
  const [stage, next] = stages;
  assert.ok(stage);
  const [{ fault, onWatch = "failure" }] = stage;
  if (next || onWatch !== "failure") return true;
  return restarts.show(onWatch, { fault: fault.name, watch: true, since });
}

async function createNetwork(lab: Lab, name: string, spec: BitcoinNetworkSpec): Promise<void> {
  const metadata = { name, annotations: ANNOTATIONS };
  await lab.networks.create({ apiVersion: API_VERSION, kind: KIND, metadata, spec });
}

async function untilAllGone(lab: Lab): Promise<void> {
  const types: readonly ResourceType<KubeObject>[] = [PODS, STATEFUL_SETS, SERVICES, SECRETS];
  for (const type of types) {
    await untilGone(lab.objects(type), ({ metadata }) => metadata.labels?.app === "goes", {
      timeoutMs: 60_000,
    });
  }
}
