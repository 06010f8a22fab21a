/** The rights of the controller, against what it asks an API server for. */

import assert from "node:assert/strict";
import { SERVICES } from "../../lib/kube/mod.ts";
import { NetworkController, RIGHTS } from "../../lib/network/mod.ts";
import { settle } from "../support/fake_clock.ts";
import { Rig } from "./_rig.ts";

/** The verbs that a request may stand for: the cluster's record does not tell a list from a watch. */
function verbsOf(method: string, isCollection: boolean): readonly string[] {
  if (method === "POST") return ["create"];
  if (method === "PATCH") return ["patch"];
  return isCollection ? ["list", "watch"] : ["get"];
}

/** Resource and verbs of a recorded request, such as `PATCH bitcoinnetworks/net/status`. */
function askedFor(request: string): { resource: string; verbs: readonly string[] } {
  const [method = "", path = ""] = request.split(" ");
  const [kind = "", name, subresource] = path.replace(/^\/(api|apis\/[^/]+)\/[^/]+\//, "").split(
    "/",
  );
  return {
    resource: subresource ? `${kind}/${subresource}` : kind,
    verbs: verbsOf(method, name === undefined),
  };
}

Deno.test("RIGHTS cover every request of the controller, and name no kind that it does not ask for", async () => {
  await using rig = new Rig();
  const controller = new NetworkController({
    client: rig.cluster.client,
    clock: rig.clock,
    random: () => 0.5,
    rpcFetch: rig.rpcFetch,
  });
  const stop = new AbortController();
  const running = controller.run(stop.signal);
  rig.wish();
  for (let seconds = 0; seconds < 40; seconds++) {
    await settle();
    await controller.idle();
    await rig.clock.advance(1_000);
    if (seconds === 5) rig.cluster.runPods("net", rig.of().model);
    if (seconds === 20) rig.wish({ nodes: 4 });
    if (seconds === 21) rig.cluster.runPods("net", rig.of().model);
    if (seconds === 30) rig.cluster.remove(SERVICES, "net-svc");
  }
  stop.abort();
  await running;
  assert.equal(rig.condition("Ready"), "True/Ready");

  const seen = new Set<string>();
  for (const request of rig.cluster.requests) {
    const { resource, verbs } = askedFor(request);
    const right = RIGHTS.find((one) => one.resource === resource);
    assert.ok(verbs.some((verb) => right?.verbs.includes(verb)), request);
    seen.add(resource);
  }
  const unused = RIGHTS.map(({ resource }) => resource).filter((resource) => !seen.has(resource));
  assert.deepEqual(unused, ["bitcoinnetworks/finalizers"], "which only an admission plugin wants");
});
