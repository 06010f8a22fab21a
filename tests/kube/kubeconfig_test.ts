import assert from "node:assert/strict";

import { stringify } from "yaml";

import { ConfigError, KubeClient } from "../../lib/kube/mod.ts";
import { captureLogs } from "../support/logs.ts";
import { json, ScriptedServer } from "../support/scripted_server.ts";
import { complaint, complaintOf, kubeconfig, load, loadOne } from "./_kubeconfig.ts";
import { rejection } from "./_support.ts";
import { TLS } from "./_tls_files.ts";

// Files that are wrong

const BROKEN: [string, string, RegExp][] = [
  ["is empty", " \n", /^Cannot read kubeconfig '\/k': it is empty$/],
  ["holds only a comment", "# later\n", /^Cannot read kubeconfig '\/k': it is empty$/],
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
    "has two users of one name",
    "users: [{name: x, user: {}}, {name: y}, {name: x}]",
    /^Cannot read kubeconfig '\/k': field 'users' has two entries of name 'x'; remove or rename one$/,
  ],
  [
    "is JSON with two clusters of one name",
    JSON.stringify({ clusters: [{ name: "x" }, { name: "x" }] }),
    /'\/k': field 'clusters' has two entries of name 'x'; remove or rename one$/,
  ],
  [
    "has two contexts of one name",
    "contexts: [{name: x}, {name: x}]",
    /'\/k': field 'contexts' has two entries of name 'x'; remove or rename one$/,
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
    "Cannot read kubeconfig '/k': this program may not read it",
  );
});

Deno.test("loadConnection() quotes nothing of a file that is not YAML", async () => {
  for (
    const text of [
      "users:\n- token: hush\n  : [",
      "password: >hush",
      "password: *hush",
      "password: 'hush",
      "password: !hush!x y",
      "%hush",
    ]
  ) {
    const error = await rejection(
      load({ files: { "/k": text } }, { kubeconfig: "/k" }),
      ConfigError,
    );
    assert.doesNotMatch(Deno.inspect(error, { depth: 9 }), /hush/, text);
  }
});

// Fields that nobody knows

Deno.test("loadConnection() warns of each entry in use with fields that are unknown, and goes on without them", async () => {
  await using logs = await captureLogs();
  const extensions = [{ name: "x", extension: { any: "thing" } }];
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "plugin",
    interactiveMode: "Never",
    provideclusterinfo: true,
  };
  const parts = {
    cluster: { serverName: "x", extensions },
    user: { tokenfile: "/hush", Token: "hush", exec, extensions },
    context: { nameSpace: "x", extensions },
  };
  const connection = await loadOne(parts);
  assert.equal(connection.namespace, "default");
  assert.deepEqual(
    logs.lines.map(({ level, text, properties }) => [level, text, properties]),
    [
      ["context 'a'", ["nameSpace"]],
      ["cluster 'a'", ["serverName"]],
      ["user 'a'", ["tokenfile", "Token"]],
      ["field 'exec' of user 'a'", ["provideclusterinfo"]],
    ].map(([entry, fields]) => [
      "warning",
      "Unknown fields in the kubeconfig have no effect: check how they are spelled",
      { entry: `${entry} of kubeconfig '/k'`, fields },
    ]),
  );
});

Deno.test("loadConnection() warns of no field that is known, nor of entries that are not in use", async () => {
  await using logs = await captureLogs();
  const names = { extensions: [], username: "u", password: "p", as: "x", "as-groups": ["y"] };
  await load({
    files: {
      "/k": kubeconfig({
        user: { ...names, "as-uid": "1", "as-user-extra": {} },
        cluster: { "disable-compression": true, "insecure-skip-tls-verify": false, extensions: [] },
        context: { namespace: "n" },
      }),
      "/other": stringify({ users: [{ name: "b", user: { tokenfile: "/t" } }] }),
    },
    env: { KUBECONFIG: "/k:/other" },
  });
  assert.deepEqual(logs.lines, []);
});

// Servers, and the way to them

Deno.test("loadConnection() keeps the path of the server and drops its last slash", async () => {
  for (const server of ["https://h/k8s/c", "https://h/k8s/c/"]) {
    const files = { "/k": kubeconfig({ cluster: { server } }) };
    assert.equal((await load({ files }, { kubeconfig: "/k" })).server, "https://h/k8s/c");
  }
});

Deno.test("loadConnection() takes a context without a user for an anonymous one", async () => {
  const files = { "/k": kubeconfig({ contexts: [{ name: "a", context: { cluster: "a" } }] }) };
  assert.equal((await load({ files }, { kubeconfig: "/k" })).credentials, undefined);
});

const CA = { "certificate-authority-data": btoa(TLS.ca) };

const WRONG_CLUSTERS: [string, object, RegExp][] = [
  [
    "skips the check of certificates and has an authority",
    { "insecure-skip-tls-verify": true, ...CA },
    /: field 'insecure-skip-tls-verify' is set, and a certificate authority too$/,
  ],
  [
    "has a flag that is text",
    { "insecure-skip-tls-verify": "true" },
    /: field 'insecure-skip-tls-verify' is not true or false$/,
  ],
  [
    "has a proxy of another kind",
    { "proxy-url": "socks4://hush:hush@h:1" },
    /: field 'proxy-url' is no http, https or socks5 URL$/,
  ],
  ["has a proxy that is no URL", { "proxy-url": "hush" }, /: field 'proxy-url' is no http, https/],
  [
    "has a proxy and a server name",
    { "proxy-url": "http://h:1", "tls-server-name": "x" },
    /: field 'proxy-url' does not work together with 'tls-server-name'$/,
  ],
  [
    "has a proxy and skips the check of certificates",
    { "proxy-url": "http://h:1", "insecure-skip-tls-verify": true },
    /: field 'proxy-url' does not work together with 'insecure-skip-tls-verify'$/,
  ],
];

for (const [what, cluster, message] of WRONG_CLUSTERS) {
  Deno.test(`loadConnection() refuses a cluster that ${what}`, async () => {
    const text = await complaintOf(kubeconfig({ cluster }));
    assert.match(text, /^Cannot use cluster 'a' of kubeconfig '\/k': /);
    assert.match(text, message);
    assert.doesNotMatch(text, /hush/);
  });
}

Deno.test("loadConnection() warns, once, that certificates are not checked", async () => {
  await using logs = await captureLogs();
  const server = "https://h";
  await loadOne({ cluster: { server, "insecure-skip-tls-verify": true } });
  assert.equal(logs.lines.length, 1);
  assert.equal(logs.lines[0]?.level, "warning");
  assert.match(logs.lines[0]?.text ?? "", /NOT CHECKED/);
  await loadOne({ cluster: { server, "insecure-skip-tls-verify": false } });
  await loadOne({ cluster: { "insecure-skip-tls-verify": true } });
  assert.equal(logs.lines.length, 1, "neither when it is off nor over plain HTTP");
});

Deno.test("loadConnection() asks for the name of tls-server-name, and for answers that are not compressed", async () => {
  await using server = new ScriptedServer(TLS.server).answer(json({ ok: true }));
  const connection = await loadOne({
    cluster: {
      server: `https://${server.address}`,
      "tls-server-name": "localhost",
      "disable-compression": true,
      ...CA,
    },
  });
  using client = new KubeClient(connection);
  assert.deepEqual(await client.request({ path: "/x" }), { ok: true });
  assert.equal(server.requests[0]?.headers.get("accept-encoding"), "identity");
});

Deno.test("loadConnection() keeps the password of a proxy out of sight", async () => {
  const connection = await loadOne({ cluster: { "proxy-url": "http://u:hush@127.0.0.1:3128" } });
  assert.equal(connection.proxy?.url, "http://127.0.0.1:3128");
  const text = Deno.inspect(connection, { depth: 9, showHidden: true }) +
    JSON.stringify(connection);
  assert.doesNotMatch(text, /hush/);
});
