/** The CRD on the embedded API server and on a real one: both say the same, word by word. */

import assert from "node:assert/strict";
import { EmbeddedCluster } from "../../lib/embedded/mod.ts";
import type { SchemaSource } from "../../lib/embedded/schema/mod.ts";
import { ApiError, type KubeClient, NAMESPACES } from "../../lib/kube/mod.ts";
import {
  API_VERSION,
  BITCOIN_NETWORKS,
  type BitcoinNetwork,
  customResourceDefinition,
  KIND,
} from "../../lib/network/mod.ts";
import { ControlPlane } from "../support/control_plane/mod.ts";
import { openKubectlWith } from "../support/kubectl.ts";
import { controlPlaneSuite, toolSuite } from "../support/tools.ts";
import { TOPOLOGY_CASES } from "../network/_topology_cases.ts";
import { invalidMessage, REFUSALS } from "./crd_cases.ts";
import { CHANGE_REFUSALS } from "./crd_changes.ts";
import {
  appliesList,
  create,
  DEFAULTS,
  explains,
  mergePatch,
  NAMESPACE,
  PATH,
  printsColumns,
  roundTrip,
  scales,
  type Server,
} from "./crd_kubectl.ts";
import { limitsOf } from "./crd_limits.ts";
import { installDefinition } from "./install.ts";

Deno.test("each limit and each rule of the CRD is what some case is refused for", () => {
  const [version] = customResourceDefinition().spec.versions;
  // Types of Kubernetes leave the extensions of a schema out.
  const schema: SchemaSource = JSON.parse(JSON.stringify(version?.schema?.openAPIV3Schema));
  const limits = limitsOf(schema);
  const said = [
    ...[...REFUSALS, ...CHANGE_REFUSALS].flatMap(({ says }) => says),
    ...TOPOLOGY_CASES.flatMap(({ refusal }) => refusal ?? []),
  ];
  const untold = limits.filter(({ says }) => !said.some((cause) => says.test(cause)));
  assert.deepEqual(untold.map(({ what }) => what), []);
  assert.ok(limits.length > 0);
});

toolSuite(["kubectl"], "BitcoinNetwork on the embedded API server", async (t, [program = ""]) => {
  await using cluster = new EmbeddedCluster({ bitcoind: "fake", stopGraceMs: 1_000 });
  await cluster.start();
  await installDefinition(cluster.client);
  const kubeconfig = await Deno.readTextFile(cluster.kubeconfig);
  await runSuite(t, cluster.client, program, kubeconfig);
});

controlPlaneSuite(
  ["kubectl"],
  "BitcoinNetwork on a real API server",
  async (t, assets, [program = ""]) => {
    await using plane = await ControlPlane.start({
      assets,
      prepare: installDefinition,
      controllers: false,
    });
    await runSuite(t, plane.client, program, await Deno.readTextFile(plane.kubeconfig));
  },
);

async function runSuite(
  t: Deno.TestContext,
  client: KubeClient,
  program: string,
  kubeconfig: string,
): Promise<void> {
  await using kubectl = await openKubectlWith(program, kubeconfig);
  await client.resource(NAMESPACES).create({ metadata: { name: NAMESPACE } });
  const server = { client, kubectl };
  for (const { what, name = "net", spec, says } of REFUSALS) {
    await t.step(`refuses ${what}`, async () => {
      assert.equal(await refusedCreate(server, name, spec), invalidMessage(name, says));
    });
  }
  for (const { what, spec, refusal: says } of TOPOLOGY_CASES) {
    await t.step(`${says ? "refuses" : "takes"} ${what}`, async () => {
      if (says) {
        return assert.equal(
          await refusedCreate(server, "net", spec),
          invalidMessage("net", [says]),
        );
      }
      const { spec: stored } = await create(server, "net", spec);
      assert.deepEqual(stored.topology, { ...stored.topology, ...spec.topology });
      await client.resource(BITCOIN_NETWORKS, NAMESPACE).delete("net");
    });
  }
  await create(server, "changed", { nodes: 1 });
  for (const { what, before = { nodes: 1 }, subresource, patch, says } of CHANGE_REFUSALS) {
    await t.step(`refuses ${what} of a network that is there`, async () => {
      await mergePatch(server, "changed", { spec: before });
      const changing = mergePatch(server, "changed", patch, subresource);
      assert.equal(await refusal(changing), invalidMessage("changed", says));
    });
  }
  await t.step("takes what is at the limits", () => takesLimits(server));
  await t.step("names all that is wrong at once", () => namesAll(server));
  await t.step("fills in defaults, and only those", () => fillsDefaults(server));
  await t.step("prunes unknown fields, and names them when asked to", () => prunes(server));
  await t.step("takes what the original's typed client sends", () => takesOriginal(server));
  await t.step("gives every sample back as it was written", () => roundTrip(server));
  await t.step("is applied as the list that kubectl gives", () => appliesList(server));
  await t.step("prints columns", () => printsColumns(server));
  await t.step("is scaled by kubectl, within its limits", () => scales(server));
  await t.step("is explained, field by field", () => explains(server));
}

/** What the server says when it refuses a request. */
async function refusal(request: Promise<unknown>): Promise<string> {
  const error = await request.then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof ApiError, "it was accepted");
  assert.equal(error.status, 422);
  return error.serverMessage;
}

/** What the server says when it refuses a network. One that it takes does not stay in the way of the next case. */
async function refusedCreate(server: Server, name: string, spec: unknown): Promise<string> {
  const creating = create(server, name, spec);
  try {
    return await refusal(creating);
  } catch (error) {
    await creating.then(() => server.client.resource(BITCOIN_NETWORKS, NAMESPACE).delete(name));
    throw error;
  }
}

async function takesLimits(server: Server): Promise<void> {
  const longest = "a".repeat(46);
  await create(server, longest, { nodes: 0, secret: "s".repeat(253), image: "i".repeat(512) });
  await create(server, "a", { nodes: 100, secret: "", image: "i", imagePullPolicy: "Never" });
  for (const name of [longest, "a"]) {
    await server.client.resource(BITCOIN_NETWORKS, NAMESPACE).delete(name);
  }
}

/** The order is that of a map in Go: any. */
async function namesAll(server: Server): Promise<void> {
  const request = create(server, "net", { nodes: -1, image: "", imagePullPolicy: "no" });
  const error = await request.catch((error: unknown) => error);
  assert.ok(error instanceof ApiError);
  const fields = (error.details?.causes ?? []).map(({ field, reason }) => `${field} ${reason}`);
  assert.deepEqual(fields.sort(), [
    ".spec.nodes FieldValueInvalid",
    "<nil> FieldValueInvalid",
    "spec.image FieldValueInvalid",
    "spec.imagePullPolicy FieldValueNotSupported",
    "spec.nodes FieldValueInvalid",
  ]);
}

async function fillsDefaults(server: Server): Promise<void> {
  const { spec, status } = await create(server, "defaults", { nodes: 1 });
  assert.deepEqual(spec, { ...DEFAULTS, nodes: 1 });
  assert.equal(status, undefined);
  const { spec: given } = await create(server, "given", {
    nodes: 1,
    image: null,
    imagePullPolicy: "Always",
  });
  assert.deepEqual(given, { ...DEFAULTS, nodes: 1, imagePullPolicy: "Always" });
}

async function prunes({ client }: Server): Promise<void> {
  const body = {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: "pruned" },
    spec: { nodes: 1, node: 2, deep: { a: 1 } },
    extra: true,
  };
  const strict = client.request({
    method: "POST",
    path: PATH,
    query: { fieldValidation: "Strict" },
    body,
  });
  await assert.rejects(strict, {
    serverMessage: 'BitcoinNetwork in version "v1" cannot be handled as a BitcoinNetwork: ' +
      'strict decoding error: unknown field "extra", unknown field "spec.deep", unknown field "spec.node"',
  });
  // as: the API server answers with the network.
  const stored = await client.request({ method: "POST", path: PATH, body }) as BitcoinNetwork;
  assert.deepEqual(Object.keys(stored).sort(), ["apiVersion", "kind", "metadata", "spec"]);
  assert.deepEqual(stored.spec, { ...DEFAULTS, nodes: 1 });
}

/** It always sends a status, with null for an empty list, and replaces what is there by what it knows. */
async function takesOriginal(server: Server): Promise<void> {
  const { client } = server;
  const networks = client.resource(BITCOIN_NETWORKS, NAMESPACE);
  const body = (nodes: number, resourceVersion?: string): unknown => ({
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: "original", ...(resourceVersion && { resourceVersion }) },
    spec: { nodes, secret: "" },
    status: { nodes: null },
  });
  await client.request({ method: "POST", path: PATH, body: body(1) });
  const created = await networks.get("original");
  assert.equal(created.status, undefined);
  const path = `${PATH}/original`;
  await client.request({ method: "PUT", path, body: body(2, created.metadata.resourceVersion) });
  const { metadata: { resourceVersion }, spec } = await networks.get("original");
  assert.equal(spec.nodes, 2);
  await client.request({
    method: "PUT",
    path: `${path}/status`,
    body: body(2, resourceVersion),
  });
  assert.deepEqual((await networks.get("original")).status, { nodes: null });
}
