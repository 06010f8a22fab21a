import assert from "node:assert/strict";

import { stringify } from "yaml";

import { loadConnection } from "../../lib/kube/mod.ts";
import { authorizationOf, complaint, kubeconfig, load } from "./_kubeconfig.ts";
import { TLS, TLS_FOLDER } from "./_tls_files.ts";

// Which configuration counts

Deno.test("loadConnection() reads ~/.kube/config when nothing else is said", async () => {
  const files = { "/home/u/.kube/config": kubeconfig({ context: { namespace: "work" } }) };
  const connection = await load({ files, env: { HOME: "/home/u" } });
  assert.equal(connection.server, "http://127.0.0.1:1234");
  assert.equal(connection.namespace, "work");
  assert.equal(connection.description, "context 'a' of kubeconfig '/home/u/.kube/config'");
  assert.equal(await authorizationOf(connection), undefined);
});

Deno.test("loadConnection() prefers the given path to KUBECONFIG, and that to the home folder", async () => {
  const files = {
    "/given": kubeconfig({ context: { namespace: "given" } }),
    "/listed": kubeconfig({ context: { namespace: "listed" } }),
    "/home/u/.kube/config": kubeconfig({ context: { namespace: "home" } }),
  };
  const world = { files, env: { HOME: "/home/u", KUBECONFIG: "/listed" } };
  assert.equal((await load(world, { kubeconfig: "/given" })).namespace, "given");
  assert.equal((await load(world)).namespace, "listed");
});

Deno.test("loadConnection() takes an empty name of a context for none", async () => {
  const world = { files: { "/k": kubeconfig() }, env: { KUBECONFIG: "/k" } };
  assert.equal((await load(world, { context: "" })).description, "context 'a' of kubeconfig '/k'");
});

Deno.test("loadConnection() tells where it looked when there is nothing", async () => {
  assert.equal(
    await complaint({ env: { HOME: "/home/u" } }),
    "Cannot find an API server: no kubeconfig is given, KUBECONFIG is not set, this is no pod " +
      "(KUBERNETES_SERVICE_HOST is not set) and '/home/u/.kube/config' does not exist",
  );
  assert.match(await complaint({}), /and HOME is not set$/);
});

Deno.test("loadConnection() merges the files of KUBECONFIG: the first one has each name, and whole", async () => {
  const first = stringify({
    users: [{ name: "a", user: { token: "first" } }],
    contexts: [{ name: "b", context: { cluster: "a", user: "a" } }],
  });
  const second = kubeconfig({
    user: { token: "second", username: "ignored" },
    contexts: [{ name: "a", context: { cluster: "a", user: "a", namespace: "second" } }],
  });
  const files = { "/one": first, "/two": second };
  const env = { KUBECONFIG: "/missing:/one::/two:/one" };
  const connection = await load({ files, env });
  assert.equal(connection.namespace, "second", "the context of the only file that sets one");
  assert.equal(await authorizationOf(connection), "Bearer first");
  const other = await load({ files, env }, { context: "b" });
  assert.equal(other.description, "context 'b' of kubeconfig '/one'");
});

Deno.test("loadConnection() takes the current context of the first file that names one", async () => {
  const other = stringify({
    "current-context": "b",
    contexts: [{ name: "b", context: { cluster: "a" } }],
  });
  const files = { "/none": 'current-context: ""', "/a": kubeconfig(), "/b": other };
  const chosen = async (list: string) =>
    (await load({ files, env: { KUBECONFIG: list } })).description;
  assert.equal(await chosen("/none:/a:/b"), "context 'a' of kubeconfig '/a'");
  assert.equal(await chosen("/none:/b:/a"), "context 'b' of kubeconfig '/b'");
});

Deno.test("loadConnection() throws when no file of KUBECONFIG exists", async () => {
  assert.equal(
    await complaint({ env: { KUBECONFIG: "/x:/y" } }),
    "Cannot find a kubeconfig: KUBECONFIG lists '/x', '/y', and none exists",
  );
});

for (
  const [what, text] of [["empty", " \n"], ["a comment", "# later\n"], ["null", "---\n"]] as const
) {
  Deno.test(`loadConnection() passes over a file of several in KUBECONFIG that is ${what}`, async () => {
    const files = { "/empty": text, "/k": kubeconfig({ context: { namespace: "work" } }) };
    for (const list of ["/empty:/k", "/k:/empty"]) {
      const connection = await load({ files, env: { KUBECONFIG: list } });
      assert.equal(connection.namespace, "work");
    }
    assert.equal(
      await complaint({ files, env: { KUBECONFIG: "/empty" } }),
      "Cannot read kubeconfig '/empty': it is empty",
    );
    assert.equal(
      await complaint({ files, env: { KUBECONFIG: "/missing:/empty" } }),
      "Cannot choose a context of kubeconfig '/empty': field 'current-context' is not set (there are none)",
    );
  });
}

// In a pod

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const POD_FILES = {
  [`${ACCOUNT}/ca.crt`]: TLS.ca,
  [`${ACCOUNT}/token`]: "pod-token\n",
  [`${ACCOUNT}/namespace`]: "pod-ns\n",
};
const POD_ENV = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };

Deno.test("loadConnection() uses the service account in a pod", async () => {
  const connection = await load({ files: POD_FILES, env: POD_ENV });
  assert.equal(connection.server, "https://10.0.0.1:443");
  assert.equal(connection.namespace, "pod-ns");
  assert.equal(await authorizationOf(connection), "Bearer pod-token");
  assert.ok(connection.tls);
});

Deno.test("loadConnection() puts an IPv6 service host in brackets", async () => {
  const env = { ...POD_ENV, KUBERNETES_SERVICE_HOST: "fd00::1" };
  assert.equal((await load({ files: POD_FILES, env })).server, "https://[fd00::1]:443");
});

Deno.test("loadConnection() takes the pod's namespace from POD_NAMESPACE, or its file, and guesses none", async () => {
  const { [`${ACCOUNT}/namespace`]: _, ...files } = POD_FILES;
  const env = { ...POD_ENV, POD_NAMESPACE: "from-env" };
  assert.equal((await load({ files: POD_FILES, env })).namespace, "from-env");
  assert.match(
    await complaint({ files, env: POD_ENV }),
    /^Cannot read the pod's namespace '.*\/namespace': it does not exist; mount it, or set POD_NAMESPACE$/,
  );
});

Deno.test("loadConnection() is in no pod when only the host is set", async () => {
  const env = { KUBERNETES_SERVICE_HOST: "10.0.0.1" };
  assert.match(await complaint({ files: POD_FILES, env }), /^Cannot find an API server/);
});

Deno.test("loadConnection() names the file of the service account that is missing or empty", async () => {
  const { [`${ACCOUNT}/ca.crt`]: _, ...noCa } = POD_FILES;
  assert.equal(
    await complaint({ files: noCa, env: POD_ENV }),
    `Cannot read certificate authority '${ACCOUNT}/ca.crt': it does not exist; ` +
      "does the pod mount its service account (automountServiceAccountToken)?",
  );
  const files = { ...POD_FILES, [`${ACCOUNT}/token`]: "" };
  assert.equal(
    await complaint({ files, env: POD_ENV }),
    `Cannot read token file '${ACCOUNT}/token': it is empty`,
  );
});

// For real

Deno.test("loadConnection() reads real files by default", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/config`;
    const cluster = { "certificate-authority": `${TLS_FOLDER}ca.crt` };
    await Deno.writeTextFile(path, kubeconfig({ cluster }));
    const connection = await loadConnection({ kubeconfig: path });
    assert.ok(connection.tls);
    await assert.rejects(() => loadConnection({ kubeconfig: `${folder}/none` }), {
      name: "ConfigError",
      message: `Cannot read kubeconfig '${folder}/none': it does not exist`,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
