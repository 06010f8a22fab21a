import assert from "node:assert/strict";

import { ConfigError, KubeClient } from "../../lib/kube/mod.ts";
import { json, ScriptedServer } from "../support/scripted_server.ts";
import { authorizationOf, complaint, kubeconfig, load } from "./_kubeconfig.ts";
import { rejection } from "./_support.ts";
import { TLS } from "./_tls_files.ts";

/** The message about one file, `/k`. */
async function complaintOf(text: string): Promise<string> {
  return await complaint({ files: { "/k": text } }, { kubeconfig: "/k" });
}

// Files that are wrong

const BROKEN: [string, string, RegExp][] = [
  ["is empty", " \n", /^Cannot read kubeconfig '\/k': it is empty$/],
  [
    "is not YAML",
    "a: [1\nb: }",
    /^Cannot read kubeconfig '\/k': it is not valid YAML in line \d: /,
  ],
  ["is no mapping", "- 1", /^Cannot read kubeconfig '\/k': it is not a mapping$/],
  [
    "is of another kind",
    "kind: Pod",
    /^Cannot read kubeconfig '\/k': its kind is "Pod", not "Config"$/,
  ],
  ["has clusters that are no list", "clusters: {}", /'\/k': field 'clusters' is not a list$/],
  ["has a user that is no mapping", "users: [1]", /'\/k': field 'users\[0\]' is not a mapping$/],
  ["has a user without a name", "users: [{}]", /'\/k': field 'users\[0\]\.name' is missing$/],
  [
    "has a user with odd fields",
    "users: [{name: x, user: 1}]",
    /'\/k': field 'users\[0\]\.user' is not a mapping$/,
  ],
  [
    "names no context",
    kubeconfig({ "current-context": "" }),
    /^Cannot choose a context of kubeconfig '\/k': field 'current-context' is not set \(there are 'a'\)$/,
  ],
  [
    "names a context that is not there",
    kubeconfig({ "current-context": "b" }),
    /^Cannot use context 'b' of kubeconfig '\/k': there is no such context \(there are 'a'\)$/,
  ],
  [
    "has a token of two lines",
    kubeconfig({ user: { token: "hush\nhush" } }),
    /^Cannot use user 'a' of kubeconfig '\/k': field 'token' holds more than a token$/,
  ],
  ["has no contexts", "kind: Config\ncurrent-context: a", /no such context \(there are none\)$/],
  [
    "has a context without a cluster",
    kubeconfig({ context: { cluster: "" } }),
    /^Cannot use context 'a' of kubeconfig '\/k': field 'cluster' is missing$/,
  ],
  [
    "has a context of a cluster that is not there",
    kubeconfig({ context: { cluster: "b" } }),
    /^Cannot use context 'a' .*: there is no cluster 'b' \(there are 'a'\)$/,
  ],
  [
    "has a context of a user that is not there",
    kubeconfig({ context: { user: "b" } }),
    /^Cannot use context 'a' .*: there is no user 'b' \(there are 'a'\)$/,
  ],
  ["has no server", kubeconfig({ cluster: { server: "" } }), /cluster 'a' .* 'server' is missing$/],
  [
    "has a server that is no URL",
    kubeconfig({ cluster: { server: "localhost:1" } }),
    /cluster 'a' .*: field 'server' is no http or https URL$/,
  ],
  [
    "has a server with a password in it",
    kubeconfig({ cluster: { server: "http://u:p@h" } }),
    /cluster 'a' .*: field 'server' has a user, a query or a fragment$/,
  ],
  [
    "has a token that is no text",
    kubeconfig({ user: { token: 5 } }),
    /user 'a' .*: field 'token' is not text$/,
  ],
  [
    "has data that is no base64",
    kubeconfig({ cluster: { "certificate-authority-data": "%" } }),
    /cluster 'a' .*: field 'certificate-authority-data' holds no PEM text$/,
  ],
  [
    "has an authority that is no certificate",
    kubeconfig({
      cluster: {
        "certificate-authority-data": btoa(
          "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        ),
      },
    }),
    /^Cannot use field 'certificate-authority' of cluster 'a' .*: /,
  ],
  [
    "has a file that is not there",
    kubeconfig({ cluster: { "certificate-authority": "/ca" } }),
    /^Cannot read certificate-authority of cluster 'a' of kubeconfig '\/k' '\/ca': it does not exist$/,
  ],
  [
    "has a certificate without a key",
    kubeconfig({ user: { "client-certificate-data": btoa(TLS.client.cert) } }),
    /^Cannot use user 'a' .*: field 'client-key' is missing$/,
  ],
  [
    "has a key without a certificate",
    kubeconfig({ user: { "client-key-data": btoa(TLS.client.key) } }),
    /^Cannot use user 'a' .*: field 'client-certificate' is missing$/,
  ],
  [
    "has a key that is a certificate",
    kubeconfig({
      user: {
        "client-certificate-data": btoa(TLS.client.cert),
        "client-key-data": btoa(TLS.client.cert),
      },
    }),
    /^Cannot use fields 'client-certificate' and 'client-key' of user 'a' .*: /,
  ],
];

for (const [what, text, message] of BROKEN) {
  Deno.test(`loadConnection() names what is wrong when the file ${what}`, async () => {
    assert.match(await complaintOf(text), message);
  });
}

Deno.test("loadConnection() tells that the given file does not exist or cannot be read", async () => {
  assert.equal(
    await complaint({}, { kubeconfig: "/k" }),
    "Cannot read kubeconfig '/k': it does not exist",
  );
  const readFile = () => Promise.reject(new Deno.errors.PermissionDenied("no"));
  assert.equal(
    await complaint({}, { kubeconfig: "/k", readFile }),
    "Cannot read kubeconfig '/k': PermissionDenied: no",
  );
});

Deno.test("loadConnection() quotes nothing of a file that is not YAML", async () => {
  const error = await rejection(
    load({ files: { "/k": "users:\n- token: hush\n  : [" } }, { kubeconfig: "/k" }),
    ConfigError,
  );
  assert.doesNotMatch(Deno.inspect(error, { depth: 9 }), /hush/);
});

// Features that are not there yet

for (const field of ["proxy-url", "tls-server-name", "insecure-skip-tls-verify"]) {
  Deno.test(`loadConnection() refuses '${field}' of a cluster by name`, async () => {
    assert.equal(
      await complaintOf(kubeconfig({ cluster: { [field]: true } })),
      `Cannot use cluster 'a' of kubeconfig '/k': '${field}' is not supported`,
    );
  });
}

for (const field of ["exec", "auth-provider", "as", "as-uid", "as-groups", "as-user-extra"]) {
  Deno.test(`loadConnection() refuses '${field}' of a user by name`, async () => {
    assert.equal(
      await complaintOf(kubeconfig({ user: { [field]: ["x"] } })),
      `Cannot use user 'a' of kubeconfig '/k': '${field}' is not supported`,
    );
  });
}

Deno.test("loadConnection() accepts features that are switched off or not needed", async () => {
  const text = kubeconfig({
    cluster: { "insecure-skip-tls-verify": false },
    user: { exec: { command: "x" }, token: "t" },
  });
  const connection = await load({ files: { "/k": text } }, { kubeconfig: "/k" });
  assert.equal(await authorizationOf(connection), "Bearer t");
});

// Servers and credentials

Deno.test("loadConnection() keeps the path of the server and drops its last slash", async () => {
  for (const server of ["https://h/k8s/c", "https://h/k8s/c/"]) {
    const files = { "/k": kubeconfig({ cluster: { server } }) };
    assert.equal((await load({ files }, { kubeconfig: "/k" })).server, "https://h/k8s/c");
  }
});

Deno.test("loadConnection() prefers tokenFile to token, and that to a password", async () => {
  const all = { tokenFile: "t", token: "text", username: "u", password: "p" };
  const { tokenFile: _, ...noFile } = all;
  const { token: __, ...noToken } = noFile;
  const expected = ["Bearer file", "Bearer text", `Basic ${btoa("u:p")}`];
  for (const [i, user] of [all, noFile, noToken].entries()) {
    const files = { "/etc/k": kubeconfig({ user }), "/etc/t": "file" };
    const connection = await load({ files }, { kubeconfig: "/etc/k" });
    assert.equal(await authorizationOf(connection), expected[i]);
  }
});

Deno.test("loadConnection() takes a context without a user for an anonymous one", async () => {
  const files = { "/k": kubeconfig({ contexts: [{ name: "a", context: { cluster: "a" } }] }) };
  assert.equal((await load({ files }, { kubeconfig: "/k" })).credentials, undefined);
});

Deno.test("loadConnection() resolves relative paths from their file, and data beats files", async () => {
  await using server = new ScriptedServer(TLS.server).answer(json({ ok: true }));
  const files = {
    "/etc/kube/k": kubeconfig({
      cluster: {
        server: `https://${server.address}`,
        "certificate-authority": "../pki/ca.crt",
      },
      user: {
        "client-certificate": "/missing",
        "client-certificate-data": btoa(TLS.client.cert),
        "client-key": "client.key",
      },
    }),
    "/etc/pki/ca.crt": TLS.ca,
    "/etc/kube/client.key": TLS.client.key,
  };
  using client = new KubeClient(await load({ files }, { kubeconfig: "/etc/kube/k" }));
  assert.deepEqual(await client.request({ path: "/x" }), { ok: true });
});
