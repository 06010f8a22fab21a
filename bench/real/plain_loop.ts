/**
 * The plainest program that writes what the controller writes: for each network of a namespace its Service, its two
 * Secrets and its StatefulSet, with so many requests under way at once. It knows all of it in advance, reads nothing and decides
 * nothing. Run as `plain_loop.ts KUBECONFIG NAMESPACE REQUESTS`; prints a line when it is ready, goes to work when it gets
 * one, and prints one when it is done.
 */

import {
  KubeClient,
  type KubeObject,
  loadConnection,
  type ResourceType,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
} from "../../lib/kube/mod.ts";
import { BITCOIN_NETWORKS, FIELD_MANAGER } from "../../lib/network/mod.ts";
import { makeCredentials } from "../../lib/network/credentials.ts";
import { networkMark } from "../../lib/network/identity.ts";
import { bitcoinConf } from "../../lib/network/objects/bitcoin_conf.ts";
import { configSecretOf, rpcSecretOf } from "../../lib/network/objects/secrets.ts";
import { serviceOf } from "../../lib/network/objects/service.ts";
import { statefulSetOf } from "../../lib/network/objects/stateful_set.ts";
import { settingsOf } from "../../lib/network/validation.ts";
import { rpcAuth } from "../../lib/rpc/mod.ts";
import { linesOf } from "../_process.ts";

const [kubeconfig = "", namespace = "", requests = "1"] = Deno.args;
const client = new KubeClient(await loadConnection({ kubeconfig }), { userAgent: "plain-loop" });

const { items } = await client.resource(BITCOIN_NETWORKS, namespace).list();
const writes: [type: ResourceType<KubeObject>, object: KubeObject][] = [];
for (const network of items) {
  const { name, uid } = network.metadata;
  const owner = { name, namespace, uid };
  const settings = settingsOf(network);
  const credentials = makeCredentials();
  const { user, password, salt } = credentials;
  const conf = bitcoinConf({
    rpcauth: await rpcAuth(user, password, salt),
    image: settings.image,
    mark: networkMark(uid),
  });
  writes.push(
    [SERVICES, serviceOf(owner)],
    [SECRETS, rpcSecretOf(owner, credentials)],
    [SECRETS, configSecretOf(owner, conf)],
    [STATEFUL_SETS, statefulSetOf(owner, settings, uid)],
  );
}

const lines = linesOf(Deno.stdin.readable);
say("ready");
await lines.next();
const todo = writes.values();
await Promise.all(Array.from({ length: Number(requests) }, async () => {
  for (const [type, object] of todo) {
    await client.resource(type, namespace).apply(object, { fieldManager: FIELD_MANAGER });
  }
}));
say("done");
Deno.exit();

function say(line: string): void {
  // deno-lint-ignore no-console -- whoever started it waits for this line
  console.log(line);
}
