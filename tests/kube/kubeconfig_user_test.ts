import assert from "node:assert/strict";
import { Buffer } from "node:buffer";

import { ConfigError, KubeClient, type PluginOutcome, type RunPlugin } from "../../lib/kube/mod.ts";
import { CertificateAuthority } from "../support/control_plane/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { captureLogs } from "../support/logs.ts";
import { json, ScriptedServer } from "../support/scripted_server.ts";
import { authorizationOf, complaintOf, kubeconfig, load, loadOne } from "./_kubeconfig.ts";
import { startMutual } from "./_mutual_server.ts";
import { TLS } from "./_tls_files.ts";

const EXEC = {
  apiVersion: "client.authentication.k8s.io/v1",
  command: "plugin",
  interactiveMode: "Never",
};

/** A plugin's answer. */
function answer(status: object): PluginOutcome {
  const { apiVersion } = EXEC;
  const stdout = JSON.stringify({ apiVersion, kind: "ExecCredential", status });
  return { code: 0, stderr: "", stdout };
}

// Credentials

Deno.test("loadConnection() prefers tokenFile to token", async () => {
  const files = {
    "/etc/k": kubeconfig({ user: { tokenFile: "t", token: "text" } }),
    "/etc/t": "file",
  };
  assert.equal(
    await authorizationOf(await load({ files }, { kubeconfig: "/etc/k" })),
    "Bearer file",
  );
  const { "/etc/t": _, ...noFile } = files;
  assert.equal(
    await authorizationOf(await load({ files: noFile }, { kubeconfig: "/etc/k" })),
    "Bearer text",
    "the token counts until there is a file",
  );
});

Deno.test("loadConnection() tells at once that a token file is not there", async () => {
  assert.equal(
    await complaintOf(kubeconfig({ user: { tokenFile: "/t" } })),
    "Cannot read token file '/t' of user 'a' of kubeconfig '/k': it does not exist",
  );
});

Deno.test("loadConnection() says that it uses a token because its file is not there, and keeps the file's once there was one", async () => {
  await using logs = await captureLogs();
  const clock = new FakeClock();
  const files: Record<string, string> = {
    "/k": kubeconfig({ user: { tokenFile: "/t", token: "text" } }),
  };
  const connection = await load({ files }, { kubeconfig: "/k", clock });
  let seen = 0;
  const said = () => {
    const lines = logs.lines.slice(seen);
    seen += lines.length;
    return lines.map(({ text, properties }) => [text, properties.error]);
  };
  const error = new ConfigError(
    "Cannot read token file '/t' of user 'a' of kubeconfig '/k': it does not exist",
    { cause: new Deno.errors.NotFound("no /t") },
  );
  const used = "Using the token of the configuration, as its token file cannot be used";
  assert.deepEqual(said(), [[used, error]]);
  await clock.advance(50_000);
  assert.equal(await authorizationOf(connection), "Bearer text");
  assert.deepEqual(said(), [[used, error]]);
  files["/t"] = "file";
  await clock.advance(50_000);
  assert.equal(await authorizationOf(connection), "Bearer file");
  assert.deepEqual(said(), []);
  delete files["/t"];
  await clock.advance(50_000);
  assert.equal(await authorizationOf(connection), "Bearer file");
  assert.deepEqual(said(), [["Keeping the old token", error]]);
});

Deno.test("loadConnection() takes user name and password, and nobody for a password alone", async () => {
  const connection = await loadOne({ user: { username: "u", password: "p" } });
  assert.equal(await authorizationOf(connection), `Basic ${btoa("u:p")}`);
  assert.equal((await loadOne({ user: { password: "p" } })).credentials, undefined);
});

for (
  const [what, user] of [
    ["a token", { token: "t" }],
    ["a password", { username: "u", password: "p" }],
    [
      "a client certificate",
      {
        "client-certificate-data": btoa(TLS.client.cert),
        "client-key-data": btoa(TLS.client.key),
      },
    ],
  ] as const
) {
  Deno.test(`loadConnection() asks no plugin of a user with ${what}`, async () => {
    const runPlugin = () => Promise.reject(new Error("it ran"));
    const connection = await loadOne({ user: { ...user, exec: EXEC } }, { runPlugin });
    await connection.credentials?.authorization();
    await connection.tls?.current();
  });
}

Deno.test("loadConnection() tells a plugin of authorities whose comments are not in English", async () => {
  const text = `# Autoridad de certificación €\n${TLS.ca}`;
  let info = "";
  const connection = await load({
    files: {
      "/k": kubeconfig({
        cluster: { server: "https://127.0.0.1:1234", "certificate-authority": "ca" },
        user: { exec: { ...EXEC, provideClusterInfo: true } },
      }),
      "/ca": text,
    },
  }, {
    kubeconfig: "/k",
    runPlugin: ({ env }) => {
      info = env.KUBERNETES_EXEC_INFO ?? "";
      return Promise.resolve(answer({ token: "t" }));
    },
  });
  assert.equal(await authorizationOf(connection), "Bearer t");
  const told = JSON.parse(info).spec.cluster["certificate-authority-data"];
  assert.equal(Buffer.from(told, "base64").toString("utf8"), text);
});

for (const provideClusterInfo of [true, false, undefined]) {
  Deno.test(`loadConnection() tells a plugin whose provideClusterInfo is ${provideClusterInfo} ${provideClusterInfo ? "of its" : "of no"} cluster`, async () => {
    let spec: unknown;
    const server = "https://127.0.0.1:1234";
    const connection = await loadOne(
      { cluster: { server }, user: { exec: { ...EXEC, provideClusterInfo } } },
      {
        runPlugin: ({ env }) => {
          spec = JSON.parse(env.KUBERNETES_EXEC_INFO ?? "").spec;
          return Promise.resolve(answer({ token: "t" }));
        },
      },
    );
    assert.equal(await authorizationOf(connection), "Bearer t");
    const interactive = false;
    assert.deepEqual(
      spec,
      provideClusterInfo ? { cluster: { server }, interactive } : { interactive },
    );
  });
}

Deno.test("a connection of a plugin goes on with its new certificate when the old one has expired", async () => {
  const authority = await CertificateAuthority.create();
  await using server = await startMutual({ ca: authority.cert });
  const clock = new FakeClock();
  const names = ["first", "second"];
  const runPlugin: RunPlugin = async () => {
    const { cert, key } = await authority.issueServer(names.shift());
    const expirationTimestamp = new Date(clock.now() + 60_000).toISOString();
    return answer({ clientCertificateData: cert, clientKeyData: key, expirationTimestamp });
  };
  const cluster = { server: server.url, "certificate-authority-data": btoa(TLS.ca) };
  const connection = await loadOne({ cluster, user: { exec: EXEC } }, { clock, runPlugin });
  using client = new KubeClient(connection);
  const ask = () => client.request({ method: "POST", path: "/x" });
  assert.equal(await ask(), "first");
  const material = await connection.tls?.current();
  await clock.advance(60_000);
  assert.equal(await ask(), "first");
  assert.equal(await connection.tls?.current(), material, "so that connections are kept");
  await clock.advance(1);
  assert.equal(await ask(), "second");
  assert.notEqual(await connection.tls?.current(), material);
});

const WRONG_USERS: [string, object, string][] = [
  [
    "a token and a user name",
    { token: "t", username: "u" },
    "it has a token and a user name, and only one can be sent",
  ],
  [
    "an auth provider that has a successor",
    { "auth-provider": { name: "gcp" } },
    "field 'auth-provider' is not supported (client-go dropped it in 1.26); use 'exec' with gke-gcloud-auth-plugin",
  ],
  [
    "an auth provider nobody knows",
    { "auth-provider": { name: "own" } },
    "field 'auth-provider' is not supported (client-go dropped it in 1.26); use 'exec' with a credential plugin",
  ],
  ["a UID to act as alone", { "as-uid": "1" }, "field 'as-uid' needs field 'as'"],
  ["groups to act as alone", { "as-groups": ["x"] }, "field 'as-groups' needs field 'as'"],
  [
    "extra facts to act as alone",
    { "as-user-extra": { a: ["b"] } },
    "field 'as-user-extra' needs field 'as'",
  ],
  [
    "groups that are no texts",
    { as: "x", "as-groups": [1] },
    "field 'as-groups' is not a list of texts",
  ],
  ["a group that is no list", { as: "x", "as-groups": "g" }, "field 'as-groups' is not a list"],
  ["a plugin that is no mapping", { exec: "x" }, "field 'exec' is not a mapping"],
];

for (const [what, user, state] of WRONG_USERS) {
  Deno.test(`loadConnection() refuses a user with ${what}`, async () => {
    const told = await complaintOf(kubeconfig({ user }));
    assert.equal(told, `Cannot use user 'a' of kubeconfig '/k': ${state}`);
  });
}

const WRONG_PLUGINS: [string, object, string][] = [
  ["no apiVersion", { apiVersion: "" }, "field 'apiVersion' is missing"],
  [
    "an old apiVersion",
    { apiVersion: "client.authentication.k8s.io/v1alpha1" },
    "field 'apiVersion' is 'client.authentication.k8s.io/v1alpha1', not one of " +
    "'client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'",
  ],
  ["no command", { command: "" }, "field 'command' is missing"],
  [
    "no interactiveMode in v1",
    { interactiveMode: null },
    "field 'interactiveMode' is not one of 'Never', 'IfAvailable', 'Always'",
  ],
  [
    "variables without names",
    { env: [{ value: "x" }] },
    "field 'env' is not a list of 'name' and 'value'",
  ],
  ["arguments that are no texts", { args: [1] }, "field 'args' is not a list of texts"],
];

for (const [what, exec, state] of WRONG_PLUGINS) {
  Deno.test(`loadConnection() refuses a plugin with ${what}`, async () => {
    const told = await complaintOf(kubeconfig({ user: { exec: { ...EXEC, ...exec } } }));
    assert.equal(told, `Cannot use field 'exec' of user 'a' of kubeconfig '/k': ${state}`);
  });
}

// Impersonation

Deno.test("a client acts as the user of 'as', with a header for each group and fact", async () => {
  await using server = new ScriptedServer().answer(json({}));
  const connection = await loadOne({
    cluster: { server: server.url },
    user: {
      token: "t",
      as: "jürgen",
      "as-uid": "17",
      "as-groups": ["a", "b, c"],
      "as-user-extra": { "example.com/scopes%": ["read", "write"] },
    },
  });
  await new KubeClient(connection).request({ path: "/x" });
  const headers = server.requests[0]?.headers;
  assert.equal(headers?.get("authorization"), "Bearer t");
  assert.equal(headers?.get("impersonate-uid"), "17");
  assert.equal(headers?.get("impersonate-group"), "a, b, c");
  assert.equal(headers?.get("impersonate-extra-example.com%2fscopes%25"), "read, write");
  const bytes = Uint8Array.from(headers?.get("impersonate-user") ?? "", (c) => c.charCodeAt(0));
  assert.equal(new TextDecoder().decode(bytes), "jürgen");
});
