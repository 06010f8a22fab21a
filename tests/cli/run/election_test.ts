/** Which replicas `run` lets compete, and for what. */

import assert from "node:assert/strict";

import {
  callsOnlyWhile,
  electionFor,
  type ElectionOptions,
  replicaName,
} from "../../../lib/cli/run/election.ts";
import { type Connection, KubeClient } from "../../../lib/kube/mod.ts";
import { ScriptedServer } from "../../support/scripted_server.ts";

const DEFAULTS: ElectionOptions = {
  leaseName: "bitcoin-controller",
  leaseDuration: 15,
  renewDeadline: 10_000,
  retryPeriod: 2_000,
};

/** What a replica asks for first, and when it is there writes; undefined if it does not compete. */
async function firstRequests(
  options: Partial<ElectionOptions>,
  place: Partial<Connection>,
): Promise<readonly string[] | undefined> {
  await using server = new ScriptedServer();
  const connection = { server: server.url, namespace: "home", description: "a test", ...place };
  using client = new KubeClient(connection);
  const elector = electionFor({ ...DEFAULTS, ...options }, connection, client, "replica");
  if (!elector) return undefined;
  const stop = new AbortController();
  const written = Promise.withResolvers<unknown>();
  server.answer(
    new Response(null, { status: 404 }),
    ({ body }) => {
      written.resolve(body);
      return new Response(null, { status: 403 });
    },
    // The release looks whether the claim got through after all.
    new Response(null, { status: 404 }),
  );
  const running = elector.run(stop.signal);
  // as: a Lease is what is asked for.
  const { spec } = await written.promise as { spec: { holderIdentity: string } };
  assert.match(spec.holderIdentity, /^replica_[0-9a-f-]{36}$/);
  stop.abort();
  await running;
  return server.asked.slice(0, 2);
}

Deno.test("electionFor() has replicas compete in a cluster, and elsewhere only if it is asked to", async () => {
  const inCluster = { isInCluster: true };
  assert.notEqual(await firstRequests({}, inCluster), undefined);
  assert.equal(await firstRequests({}, {}), undefined);
  assert.notEqual(await firstRequests({ leaderElect: true }, {}), undefined);
  assert.equal(await firstRequests({ leaderElect: false }, inCluster), undefined);
});

Deno.test("electionFor() takes the Lease of the connection's namespace, or the one that is named", async () => {
  const leases = "/apis/coordination.k8s.io/v1/namespaces";
  assert.deepEqual(await firstRequests({ leaderElect: true }, {}), [
    `GET ${leases}/home/leases/bitcoin-controller`,
    `POST ${leases}/home/leases`,
  ]);
  const named = { leaderElect: true, leaseNamespace: "other", leaseName: "mine" };
  assert.deepEqual(await firstRequests(named, {}), [
    `GET ${leases}/other/leases/mine`,
    `POST ${leases}/other/leases`,
  ]);
});

Deno.test("replicaName() is that of the pod, or of the machine", () => {
  assert.equal(replicaName({ env: (name) => name === "POD_NAME" ? "pod-1" : undefined }), "pod-1");
  assert.equal(replicaName({ env: () => undefined }), Deno.hostname());
});

Deno.test("callsOnlyWhile() calls nobody when it is not its turn", async () => {
  let mayCall = false;
  await using server = new ScriptedServer();
  const call = callsOnlyWhile(() => mayCall);
  await assert.rejects(call(server.url, { method: "POST" }), /this replica is not the leader/);
  assert.equal(server.requests.length, 0);
  mayCall = true;
  server.answer(new Response("ok"));
  assert.equal(await (await call(server.url, { method: "POST" })).text(), "ok");
});
