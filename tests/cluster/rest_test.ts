/**
 * Settled networks cost no writes: 50 of them, by the audit log of a real API server, also when the controller starts anew.
 * `REST_SECONDS` says how long each half is watched: 300 in `.ci/run`, which is the whole claim, by default what tells a
 * timer of the controller that writes, whose polls are 10 s apart.
 */

import assert from "node:assert/strict";
import { systemClock } from "../../lib/time/mod.ts";
import { type AuditRecord, isWrite, tallyOf } from "../support/control_plane/mod.ts";
import { eventually, until } from "../support/eventually.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { startController } from "./controller_process.ts";
import { controllerAccount } from "./install.ts";
import { Lab } from "./lab.ts";
import { RealCluster } from "./real_cluster.ts";

const NETWORKS = 50;
const REST_MS = Number(Deno.env.get("REST_SECONDS") ?? 15) * 1000;
/** For 50 networks to come up, in ms. */
const SETTLE_MS = 180_000;
/** The last details of a status may be written a second after the others, and heights five; then events, in ms. */
const DETAILS_MS = 6_000;

/** As in a cluster, where the lease is renewed all the time. */
const ARGS = ["--leader-elect", "--lease-namespace", controllerAccount.namespace];

/** Nodes of the network of a number: 1 to 3. */
function nodesOf(number: number): number {
  return 1 + number % 3;
}

/** Waits until all networks are Ready, with all links, of which each pair of nodes makes two. */
async function untilSettled(lab: Lab): Promise<void> {
  await until(
    lab.networks,
    (networks) =>
      networks.every(({ spec, status }) =>
        status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") &&
        status.nodes?.every(({ peers }) => peers === 2 * (spec.nodes - 1))
      ),
    { what: "settled networks", timeoutMs: SETTLE_MS },
  );
  await systemClock.sleep(DETAILS_MS);
}

/** The renewals of the lease are what leader election costs. */
function isLease({ apiGroup, resource }: AuditRecord): boolean {
  return apiGroup === "coordination.k8s.io" && resource === "leases";
}

controlPlaneSuite(
  [],
  `${NETWORKS} settled networks cost no writes, and a restart of the controller none either`,
  async (t, assets) => {
    await using cluster = await RealCluster.start({ assets, bitcoind: "fake" });
    const lab = new Lab(cluster, "rest");
    await lab.setUp();
    /** The requests of the controller while `during` goes on. */
    const requestsWhile = async (during: () => Promise<void>): Promise<readonly AuditRecord[]> => {
      const before = (await cluster.controllerRequests()).length;
      await during();
      const requests = (await cluster.controllerRequests()).slice(before);
      // deno-lint-ignore no-console -- the figures are what a person wants to know who runs the whole claim
      console.log(`in ${REST_MS / 1000} s: ${JSON.stringify(tallyOf(requests))}`);
      assert.ok(requests.some((request) => isWrite(request) && isLease(request)), "no renewal");
      return requests.filter((request) => isWrite(request) && !isLease(request));
    };
    {
      await using controller = await startController(cluster, { args: ARGS });
      await Promise.all(
        Array.from(
          { length: NETWORKS },
          (_, number) => lab.create(`net-${number}`, { nodes: nodesOf(number) }),
        ),
      );
      await untilSettled(lab);
      await t.step("at rest", async () => {
        // That nothing happens can only be seen by waiting.
        const writes = await requestsWhile(() => systemClock.sleep(REST_MS));
        assert.deepEqual(writes, []);
      });
      controller.kill("SIGTERM");
      assert.equal(await controller.exited, 0, controller.stderr());
    }
    await t.step("across a restart", async () => {
      await using _controller = await startController(cluster, { args: ARGS });
      const writes = await requestsWhile(async () => {
        const before = (await cluster.controllerRequests()).length;
        const reads = async (): Promise<number> =>
          tallyOf((await cluster.controllerRequests()).slice(before))["get secrets"] ?? 0;
        // It has looked at a network when it has read its two Secrets.
        await eventually(async () => await reads() >= 2 * NETWORKS, {
          what: "the controller to look at all networks",
          timeoutMs: 60_000,
        });
        await systemClock.sleep(REST_MS);
      });
      assert.deepEqual(writes, []);
    });
  },
);
