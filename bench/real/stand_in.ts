/**
 * What a cluster has besides its control plane, in one process of its own, so that its work is not the controller's: a
 * stand-in kubelet, and bitcoinds at all addresses of 127.0.0.0/8. Prints a line when it is ready. Run as
 * `stand_in.ts KUBECONFIG`, or without a kubeconfig for the bitcoinds alone.
 */

import { KubeClient, loadConnection } from "../../lib/kube/mod.ts";
import { RPC_PORT } from "../../lib/network/mod.ts";
import type { Introduction } from "./introduce.ts";
import { runStandInKubelet } from "./kubelet.ts";
import { StandInNodes } from "./nodes.ts";

const fixture = new URL("../../tests/fixtures/bitcoind-rpc.json", import.meta.url);
const nodes = new StandInNodes(JSON.parse(await Deno.readTextFile(fixture)));
const headers = { "content-type": "application/json" };

Deno.serve({
  hostname: "0.0.0.0",
  port: RPC_PORT,
  // deno-lint-ignore no-console -- whoever started it waits for this line
  onListen: () => console.log("ready"),
}, async (request) => {
  if (request.method === "PUT") {
    const { ip, userAgent }: Introduction = await request.json();
    nodes.introduce(ip, userAgent);
    return new Response();
  }
  const { hostname } = new URL(request.url);
  return new Response(nodes.answer(hostname, await request.text()), { headers });
});

const [kubeconfig] = Deno.args;
if (kubeconfig) {
  const client = new KubeClient(await loadConnection({ kubeconfig }), { userAgent: "stand-in" });
  await runStandInKubelet(client, new AbortController().signal);
}
