/** docs/install.md on upgrades, command by command, on a real control plane: what becomes of networks that were there. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { yamlOf } from "../../lib/cli/manifests/mod.ts";
import { CUSTOM_RESOURCE_DEFINITIONS } from "../../lib/kube/mod.ts";
import { API_VERSION, BITCOIN_NETWORKS, KIND } from "../../lib/network/mod.ts";
import original from "../fixtures/crd/original.json" with { type: "json" };
import { until } from "../support/eventually.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { InstalledCluster, PUSHED } from "./installed_cluster.ts";
import { commandsOf, Shell } from "./shell.ts";

const DOCUMENT = "docs/install.md";
const FIRST = fileURLToPath(new URL("../fixtures/crd/first.yaml", import.meta.url));

/** Networks as they could be with the first CRD: every field of a spec that there was. */
const EARLY_NETWORKS = [
  { name: "plain", spec: { nodes: 2 } },
  { name: "none", spec: { nodes: 0, imagePullPolicy: "Never" } },
  { name: "mine", spec: { nodes: 1, image: "bitcoin/bitcoin:27.0", secret: "mine" } },
];

/** A status that the first controller could have left. */
const EARLY_STATUS = {
  nodes: [{ ordinal: 0, ready: true, ip: "10.0.0.1", nodeName: "plain-sts-0", dnsName: "a.b" }],
  replicas: 2,
  readyReplicas: 1,
  connections: { desired: 1, actual: 0, summary: "0/1" },
  height: 7,
  observedGeneration: 1,
  conditions: [{
    type: "Ready",
    status: "False",
    observedGeneration: 1,
    lastTransitionTime: "2025-01-01T00:00:00Z",
    reason: "Syncing",
    message: "",
  }],
};

function manifest(name: string, spec: object): string {
  return JSON.stringify({ apiVersion: API_VERSION, kind: KIND, metadata: { name }, spec });
}

/** Applies an object by kubectl, as a person who has it in a file. */
async function applyText(shell: Shell, text: string): Promise<void> {
  await shell.run(`kubectl apply -f - <<'EOF'\n${text}\nEOF`);
}

async function untilEstablished({ client }: InstalledCluster, generation: number): Promise<void> {
  await until(
    client.resource(CUSTOM_RESOURCE_DEFINITIONS),
    ([crd]) =>
      (crd?.metadata.generation ?? 0) >= generation &&
      crd?.status?.conditions?.some(({ type, status }) =>
        type === "Established" && status === "True"
      ),
    { what: "the CRD to be served", timeoutMs: 30_000 },
  );
}

/** Waits until a condition of a network, at its newest generation, is as wanted. */
async function untilCondition(
  { client }: InstalledCluster,
  name: string,
  wanted: { readonly type: string; readonly status: string; readonly reason?: string },
): Promise<string> {
  return await until(client.resource(BITCOIN_NETWORKS, "default"), (networks) => {
    const network = networks.find(({ metadata }) => metadata.name === name);
    const found = network?.status?.conditions?.find(({ type }) => type === wanted.type);
    return found?.status === wanted.status && (!wanted.reason || found.reason === wanted.reason) &&
      found.observedGeneration === network?.metadata.generation && found.message;
  }, { what: `${JSON.stringify(wanted)} of '${name}'`, timeoutMs: 60_000 });
}

controlPlaneSuite(
  ["kubectl", "bash"],
  "an upgrade from the first CRD of this controller",
  async (t, assets) => {
    await using cluster = await InstalledCluster.start(assets, [PUSHED]);
    const networks = cluster.client.resource(BITCOIN_NETWORKS, "default");
    await using shell = await Shell.open({ kubeconfig: cluster.plane.kubeconfig });
    const before = new Map<string, string | undefined>();

    await t.step("networks are made with it", async () => {
      await shell.run(`kubectl apply -f '${FIRST}'`);
      await untilEstablished(cluster, 1);
      await shell.run(
        "kubectl create secret generic mine --from-literal=BC_RPC_USER=a --from-literal=BC_RPC_PASSWORD=b",
      );
      for (const { name, spec } of EARLY_NETWORKS) await applyText(shell, manifest(name, spec));
      const { metadata } = await networks.get("plain");
      await cluster.client.request({
        method: "PATCH",
        path: `/apis/${API_VERSION}/namespaces/default/bitcoinnetworks/plain/status`,
        contentType: "application/merge-patch+json",
        body: { metadata: { resourceVersion: metadata.resourceVersion }, status: EARLY_STATUS },
      });
      for (const { metadata: { name, uid } } of (await networks.list()).items) {
        before.set(name, uid);
      }
      assert.equal(before.size, EARLY_NETWORKS.length);
    });
    await t.step("the new version is applied over it", async () => {
      const [commands = ""] = await commandsOf(DOCUMENT, "## Upgrade");
      await shell.run(commands);
    });
    await t.step("they are the same networks, and what they say is kept", async () => {
      for (const { name, spec } of EARLY_NETWORKS) {
        const stored = await networks.get(name, {});
        assert.equal(stored.metadata.uid, before.get(name));
        assert.equal(stored.metadata.generation, 1);
        assert.deepEqual(stored.spec, { ...stored.spec, ...spec });
        // Applied again from the same file, they are not changed.
        const said = await shell.run(
          `kubectl apply --validate=strict -f - <<'EOF'\n${manifest(name, spec)}\nEOF`,
        );
        assert.match(said, / unchanged$/m);
      }
    });
    await t.step("they are reconciled", async () => {
      await untilCondition(cluster, "plain", { type: "Ready", status: "True" });
      await untilCondition(cluster, "mine", { type: "Ready", status: "True" });
      await untilCondition(cluster, "none", {
        type: "Ready",
        status: "False",
        reason: "Suspended",
      });
    });
    await t.step("objects that a newer version lacks are pruned, networks never", async () => {
      const ways = (await commandsOf(DOCUMENT, "### What a newer version no longer has"))
        .map((way) => ({ way, kind: way.includes("APPLYSET") ? "set" : "labels" }));
      assert.deepEqual(ways.map(({ kind }) => kind), ["set", "labels"]);
      for (const { way, kind } of ways) {
        const more = olderObjects(kind === "set" ? "" : "-labelled");
        // An older version had them in its manifests, and was applied in the same way.
        const older = way.replace("-f rbac.yaml", "-f older.yaml -f rbac.yaml");
        await shell.run(`cat > older.yaml <<'EOF'\n${more}\nEOF\n${older}`);
        assert.match(await shell.run("kubectl get clusterrole,svc -A"), /bitcoin-controller-old/);
        const said = await shell.run(way);
        assert.equal(said.match(/ pruned$/gm)?.length, 2, said);
        assert.doesNotMatch(
          await shell.run("kubectl get clusterrole,svc -A"),
          /bitcoin-controller-old/,
        );
        const left = (await networks.list()).items.map(({ metadata: { uid } }) => uid);
        assert.deepEqual(new Set(left), new Set(before.values()));
      }
    });
  },
);

/** What an older version could have had: something in the namespace, and something that is in none. */
function olderObjects(suffix: string): string {
  const labels = { "app.kubernetes.io/name": "bitcoin-controller" };
  const name = `bitcoin-controller-old${suffix}`;
  const role = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name, labels },
    rules: [],
  };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "bitcoin-controller", labels },
    spec: { ports: [{ port: 80 }] },
  };
  return yamlOf([role, service]);
}

controlPlaneSuite(
  ["kubectl", "bash"],
  "an upgrade from the original controller",
  async (t, assets) => {
    await using cluster = await InstalledCluster.start(assets, [PUSHED]);
    await using shell = await Shell.open({ kubeconfig: cluster.plane.kubeconfig });
    const [replace = "", remake = ""] = await commandsOf(
      DOCUMENT,
      "### From the original controller",
    );
    let uid = "";

    await t.step("its CRD of 2019 is as an API server of that time has left it", async () => {
      const path = `apiextensions.k8s.io/customresourcedefinitions/${original.metadata.name}`;
      await cluster.plane.store(path, original);
      await until(
        cluster.client.resource(CUSTOM_RESOURCE_DEFINITIONS),
        (found) => found.length === 1,
        { what: "the CRD to be seen", timeoutMs: 30_000 },
      );
      await applyText(shell, await Deno.readTextFile(SAMPLE));
      uid = await shell.run("kubectl get bitcoinnetwork my-network -o jsonpath={.metadata.uid}");
      await applyText(shell, JSON.stringify(originalStatefulSet(uid)));
      // Why the documentation says `replace`.
      await assert.rejects(
        shell.run("kubectl apply -f manifests/crd.yaml"),
        /spec\.preserveUnknownFields: Invalid value: true/,
      );
    });
    await t.step("the network is the same one, and says what is in its way", async () => {
      await shell.run(replace);
      assert.equal(
        await shell.run("kubectl get btcnet my-network -o jsonpath={.metadata.uid}"),
        uid,
      );
      const message = await untilCondition(cluster, "my-network", {
        type: "Stalled",
        status: "True",
      });
      assert.match(message, /my-network-sts.*delete the object: the controller makes it anew/s);
    });
    await t.step("the network becomes Ready once that is gone", async () => {
      await shell.run(remake);
      assert.match(await shell.run("kubectl get btcnet"), /^my-network +3 +3 +3\/3 /m);
    });
  },
);

/** The original's sample, unchanged. */
const SAMPLE = fileURLToPath(new URL("../../manifests/samples/original.yaml", import.meta.url));

/** The StatefulSet as the original made it, but for a command, which its image had. */
function originalStatefulSet(uid: string): object {
  const labels = { app: "my-network" };
  const owner = { apiVersion: API_VERSION, kind: KIND, name: "my-network", uid };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: {
      name: "my-network-sts",
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      replicas: 3,
      serviceName: "my-network-svc",
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{
            name: "my-network-sts-ctr",
            image: "christianb93/bitcoind:v1.0",
            imagePullPolicy: "IfNotPresent",
            command: ["bitcoind", "-regtest"],
            envFrom: [{ secretRef: { name: "bitcoin-default-secret", optional: true } }],
          }],
        },
      },
    },
  };
}
