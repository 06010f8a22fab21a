/** A BitcoinNetwork in the hands of kubectl, on any API server. */

import assert from "node:assert/strict";
import { parse } from "yaml";
import type { KubeClient } from "../../lib/kube/mod.ts";
import {
  API_VERSION,
  BITCOIN_NETWORKS,
  type BitcoinNetwork,
  DEFAULT_IMAGE,
  KIND,
} from "../../lib/network/mod.ts";
import { type Kubectl, table } from "../support/kubectl.ts";
import { sampleObjects } from "./samples.ts";

/** Where the networks are. */
export const NAMESPACE = "networks";
/** Their path. */
export const PATH = `/apis/${API_VERSION}/namespaces/${NAMESPACE}/bitcoinnetworks`;

/** What the API server fills in. */
export const DEFAULTS = {
  image: DEFAULT_IMAGE,
  imagePullPolicy: "IfNotPresent",
  topology: { type: "Full" },
};

/** An API server with the CRD, and a namespace for networks. */
export interface Server {
  /** A client that may do everything. */
  readonly client: KubeClient;
  /** The same for kubectl. */
  readonly kubectl: Kubectl;
}

/** Creates a network, whatever its spec is. */
export async function create(
  { client }: Server,
  name: string,
  spec: unknown,
): Promise<BitcoinNetwork> {
  const body = { apiVersion: API_VERSION, kind: KIND, metadata: { name }, spec };
  // as: the API server answers with the network.
  return await client.request({ method: "POST", path: PATH, body }) as BitcoinNetwork;
}

/** Patches a network or a subresource of it. */
export async function mergePatch(
  { client }: Server,
  name: string,
  body: unknown,
  subresource?: string,
): Promise<unknown> {
  return await client.request({
    method: "PATCH",
    path: `${PATH}/${name}${subresource ? `/${subresource}` : ""}`,
    contentType: "application/merge-patch+json",
    body,
  });
}

/** Every sample comes back as it was written, and may be applied again. */
export async function roundTrip({ client, kubectl }: Server): Promise<void> {
  const networks = client.resource(BITCOIN_NETWORKS, NAMESPACE);
  let seen = 0;
  for await (const { path, objects } of sampleObjects()) {
    await kubectl.ok(["apply", "-n", NAMESPACE, "--validate=strict", "-f", path]);
    const again = await kubectl.ok(["apply", "-n", NAMESPACE, "--validate=strict", "-f", path]);
    assert.match(again, /^bitcoinnetwork\S+ unchanged$/m);
    for (const object of objects.filter(({ kind }) => kind === KIND)) {
      seen++;
      const name = object.metadata?.name ?? "";
      const stored = await networks.get(name);
      assert.deepEqual({ ...stored.spec, ...object.spec }, stored.spec, path);
      const same = await networks.update(stored, { fieldValidation: "Strict" });
      assert.equal(same.metadata.resourceVersion, stored.metadata.resourceVersion, path);
      const get = ["get", "-n", NAMESPACE, "btcnet", name, "-o", "yaml", "--show-managed-fields"];
      const written = await kubectl.ok(get);
      assert.deepEqual(parse(written), stored, path);
      await networks.delete(name);
    }
  }
  assert.ok(seen > 0);
}

/** What kubectl gives as a list it also takes as one. */
export async function appliesList(server: Server): Promise<void> {
  for (const name of ["list-a", "list-b"]) await create(server, name, { nodes: 1 });
  const { client, kubectl } = server;
  const names = ["btcnet/list-a", "btcnet/list-b"];
  const list = JSON.parse(await kubectl.ok(["get", "-n", NAMESPACE, ...names, "-o", "json"]));
  for (const item of list.items) item.spec.nodes = 2;
  await kubectl.ok(["apply", "--validate=strict", "-f", await kubectl.file("list", list)]);
  for (
    const { spec, metadata } of (await client.resource(BITCOIN_NETWORKS, NAMESPACE).list()).items
  ) {
    if (metadata.name.startsWith("list-")) assert.equal(spec.nodes, 2);
  }
  list.items[0].spec.nods = 3;
  const typo = await kubectl.fails(["apply", "-f", await kubectl.file("typo", list)]);
  assert.match(typo, /unknown field "(spec\.)?nods"/);
}

/** kubectl get shows the columns. */
export async function printsColumns(server: Server): Promise<void> {
  await create(server, "columns", { nodes: 3 });
  await mergePatch(server, "columns", {
    status: {
      replicas: 3,
      readyReplicas: 2,
      connections: { desired: 3, actual: 1, summary: "1/3" },
      height: 101,
      tip: "00ff",
      conditions: [{
        type: "Ready",
        status: "False",
        reason: "Connecting",
        message: "",
        observedGeneration: 1,
        lastTransitionTime: "2024-01-02T03:04:05Z",
      }],
    },
  }, "status");
  const { kubectl } = server;
  const get = async (...args: string[]): Promise<string[][]> =>
    table(await kubectl.ok(["get", "-n", NAMESPACE, ...args]));
  const [head, row = []] = await get("btcnet", "columns");
  assert.deepEqual(head, [
    "NAME",
    "NODES",
    "READY",
    "CONNECTIONS",
    "HEIGHT",
    "STATUS",
    "AGE",
  ]);
  assert.deepEqual(row.slice(0, -1), ["columns", "3", "2", "1/3", "101", "Connecting"]);
  const [wideHead, wideRow = []] = await get("bitcoinnetworks", "columns", "-o", "wide");
  assert.deepEqual(wideHead, [...head ?? [], "TOPOLOGY", "IMAGE", "TIP"]);
  assert.deepEqual(wideRow.slice(-3), ["Full", DEFAULT_IMAGE, "00ff"]);
  const names = (await get("bitcoin")).map(([name]) => name);
  assert.ok(names.includes("columns"), "it is in the category 'bitcoin'");
}

/** kubectl scale works within the limits. */
export async function scales(server: Server): Promise<void> {
  const { client, kubectl } = server;
  await create(server, "scaled", { nodes: 1 });
  const scale = (...args: string[]): string[] => ["scale", "-n", NAMESPACE, ...args];
  const said = await kubectl.ok(scale("btcnet/scaled", "--replicas=5"));
  assert.equal(said, "bitcoinnetwork.bitcoincontroller.christianb93.github.com/scaled scaled\n");
  assert.equal((await client.resource(BITCOIN_NETWORKS, NAMESPACE).get("scaled")).spec.nodes, 5);
  const refused = await kubectl.fails(scale("btcnet/scaled", "--replicas=101"));
  assert.match(refused, /spec\.nodes in body should be less than or equal to 100/);
  const late = await kubectl.fails(
    scale("btcnet/scaled", "--replicas=6", "--current-replicas=4"),
  );
  assert.match(late, /Expected replicas to be 4, was 5/);
}

/** kubectl explain tells what each field means. */
export async function explains({ kubectl }: Server): Promise<void> {
  const spec = await kubectl.ok(["explain", "bitcoinnetwork.spec"]);
  assert.match(spec, /^GROUP: +bitcoincontroller\.christianb93\.github\.com$/m);
  assert.match(spec, /^KIND: +BitcoinNetwork$/m);
  assert.match(spec, /^ {2}nodes\t<integer> -required-\n {4}Number of bitcoind nodes\./m);
  assert.match(spec, /^ {2}image\t<string>\n {4}Container image with bitcoind/m);
  assert.match(spec, /^ {2}enum: Always, IfNotPresent, Never$/m);
  const ready = await kubectl.ok(["explain", "btcnet.status.nodes.ready"]);
  assert.match(ready, /^FIELD: ready <boolean>$/m);
  const all = await kubectl.ok(["explain", "btcnet", "--recursive"]);
  for (const field of ["spec", "secret", "status", "conditions", "lastTransitionTime"]) {
    assert.match(all, new RegExp(`^ +${field}\t<`, "m"));
  }
  // A field without a description would be a riddle.
  assert.doesNotMatch(spec, /<no description>/);
}
