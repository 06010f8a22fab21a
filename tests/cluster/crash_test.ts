/**
 * The controller is killed again and again while networks come, change and go. `CRASH_KILLS` and `CRASH_SEED` choose how
 * often, and which story: the same seed tells the same one, up to what happens at once.
 */

import assert from "node:assert/strict";
import { systemClock } from "../../lib/time/mod.ts";
import { isWrite } from "../support/control_plane/mod.ts";
import { eventually } from "../support/eventually.ts";
import { Gate } from "../support/gate.ts";
import { Random } from "../chaos/random.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { type CrashPoint, killAt, MOMENTS, nameOf, roundOf, WRITES } from "./_crash_points.ts";
import { type Happening, RandomWorld } from "./_random_world.ts";
import { differences, doubles } from "./_world_check.ts";
import { startController } from "./controller_process.ts";
import { Lab } from "./lab.ts";
import { RealCluster } from "./real_cluster.ts";

/** How long a controller may take to come to the point where it is killed, in ms. */
const REACH_MS = 6_000;
/** How long the last controller may take to mend everything, in ms. */
const MEND_MS = 90_000;
/** How long it is watched at rest, in ms: it polls every second. */
const REST_MS = 5_000;

/** What brings about a write. */
function causeOf(point: CrashPoint, random: Random): Happening {
  const write = "write" in point ? point.write : undefined;
  switch (write) {
    case "PATCH services":
    case "POST secrets":
    case "PATCH secrets":
    case "PATCH statefulsets":
    case "POST events":
      return "create";
    case "PATCH statefulsets/scale":
      return random.pick(["scale up", "scale down"]);
    case "addnode add":
    case "addnode onetry":
      return random.pick(["create", "scale up"]);
    case "addnode remove":
      return "scale down";
    case "disconnectnode":
      return "stray link";
    case "PATCH bitcoinnetworks/status":
    case undefined:
      return random.pick(["create", "delete", "scale up", "scale down"]);
  }
}

/** One cluster, with a controller behind a gate that does not live long. */
class CrashLab {
  readonly cluster: RealCluster;
  readonly gate: Gate;
  readonly lab: Lab;
  readonly random: Random;
  readonly world: RandomWorld;
  /** How often the controller was killed, by where. */
  readonly kills = new Map<string, number>();

  constructor(cluster: RealCluster, gate: Gate, random: Random) {
    this.cluster = cluster;
    this.gate = gate;
    this.random = random;
    this.lab = new Lab(cluster, "crash");
    this.world = new RandomWorld(this.lab, random);
  }

  /** Starts a controller whose calls all go through the gate. */
  start(): ReturnType<typeof startController> {
    const { url } = this.gate;
    const args = ["--poll", "1"];
    return startController(this.cluster, { server: url, args, env: { HTTP_PROXY: url } });
  }

  /** One controller, from its start to its end; returns whether it came to the point. */
  async crash(point: CrashPoint): Promise<boolean> {
    // Of some kinds one cause brings about several.
    const isSeveral = "write" in point && /status|events|add|onetry/.test(point.write);
    const skip = isSeveral && this.random.next() < 0.5 ? 1 : 0;
    await using controller = await this.start();
    const killed = killAt(this.gate, point, {
      skip,
      random: this.random,
      kill: () => controller.kill("SIGKILL"),
      timeoutMs: REACH_MS,
    });
    // What the controller finds when it starts, and what it hears of later.
    await this.world.happen(causeOf(point, this.random));
    const isReached = await killed;
    const code = await controller.exited;
    assert.equal(code, 137, `it ended by itself, with ${code}: ${controller.stderr()}`);
    const where = isReached ? nameOf(point) : `too late for ${nameOf(point)}`;
    this.kills.set(where, (this.kills.get(where) ?? 0) + 1);
    return isReached;
  }
}

async function crashes(
  cluster: RealCluster,
  kills: number,
  print: (line: string) => void,
): Promise<void> {
  const seed = Number(Deno.env.get("CRASH_SEED") ?? Math.floor(Math.random() * 1e9));
  print(`${kills} kills with CRASH_SEED=${seed}`);
  await using gate = Gate.open({
    server: cluster.plane.server,
    caCert: cluster.plane.authority.cert,
  });
  const scene = new CrashLab(cluster, gate, new Random(seed));
  await scene.lab.setUp();
  const startMs = performance.now();
  const points: CrashPoint[] = [];
  for (let kill = 0; kill < kills; kill++) {
    if (points.length === 0) points.push(...roundOf(scene.random));
    const point = points.shift();
    assert.ok(point);
    // What did not come about has another chance soon.
    if (!await scene.crash(point)) points.splice(5, 0, point);
  }
  const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);
  print(`killed in ${seconds(startMs)} s:`);
  for (const [where, times] of [...scene.kills].toSorted()) print(`  ${times} × ${where}`);
  const { lab, world } = scene;

  // Something is left to do, whatever the last one has done.
  for (const what of ["create", "scale up", "delete"] as const) await world.happen(what);
  const mendMs = performance.now();
  await using controller = await scene.start();
  let found: readonly string[] = [];
  await eventually(
    async () => (found = await differences(cluster, lab, world.wanted)).length === 0,
    { what: "the world to be as the specs say", timeoutMs: MEND_MS },
  ).catch((cause) => {
    const story = world.story.slice(-20).join("; ");
    throw new Error(`${found.join("\n")}\nafter: ${story}\n${controller.stderr()}`, { cause });
  });
  print(
    `mended in ${seconds(mendMs)} s: ${world.wanted.size} networks, ${world.story.length} changes`,
  );
  assert.deepEqual(await doubles(cluster, lab, world.created), []);

  // The last details of a status wait for a second, heights for five.
  await systemClock.sleep(REST_MS);
  const before = (await cluster.controllerRequests()).length;
  await systemClock.sleep(REST_MS);
  const writes = (await cluster.controllerRequests()).slice(before).filter(isWrite);
  assert.deepEqual(writes, [], "it writes at rest");
  assert.deepEqual(await differences(cluster, lab, world.wanted), []);

  // Two rounds are enough for each point, also if it was missed once.
  const all = WRITES.flatMap((write) => MOMENTS.map((moment) => nameOf({ write, moment })));
  const missed = kills >= 2 * all.length ? all.filter((name) => !scene.kills.has(name)) : [];
  assert.deepEqual(missed, [], "some points were never reached");
}

// deno-lint-ignore no-console -- the seed is what a person needs who sees it fail
const print = (line: string): void => console.log(line);

const KILLS = Number(Deno.env.get("CRASH_KILLS") ?? 100);

controlPlaneSuite(
  [],
  `a controller that is killed ${KILLS} times leaves the world as the specs say`,
  async (_t, assets) => {
    await using cluster = await RealCluster.start({ assets, bitcoind: "fake" });
    await crashes(cluster, KILLS, print);
  },
);

controlPlaneSuite(
  ["bitcoind", "bitcoin-cli"],
  "a controller that is killed leaves real bitcoinds as the specs say",
  async (_t, assets) => {
    await using cluster = await RealCluster.start({ assets, bitcoind: "real" });
    await crashes(cluster, Math.min(KILLS, 10), print);
  },
);
