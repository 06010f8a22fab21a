import assert from "node:assert/strict";

import { KubeClient } from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { captureLogs } from "../support/logs.ts";
import { json, LiveBody, ScriptedServer } from "../support/scripted_server.ts";
import { complaint, complaintOf, kubeconfig, load } from "./_kubeconfig.ts";
import { TLS, VERSION_1 } from "./_tls_files.ts";

/** A text in PEM form. */
function pem(label: string, ...lines: string[]): string {
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function user(cert: string, key: string): string {
  const data = { "client-certificate-data": btoa(cert), "client-key-data": btoa(key) };
  return kubeconfig({ user: data });
}

function cluster(authority: string): string {
  return kubeconfig({ cluster: { "certificate-authority-data": authority } });
}

const { cert, key } = TLS.client;
const IN_CLUSTER =
  "Cannot use field 'certificate-authority-data' of cluster 'a' of kubeconfig '/k': ";
const IN_CERT = "Cannot use field 'client-certificate-data' of user 'a' of kubeconfig '/k': ";
const IN_KEY = "Cannot use field 'client-key-data' of user 'a' of kubeconfig '/k': ";
const ENCRYPTED = "the key is encrypted; decrypt it with: openssl pkey -in KEY -out DECRYPTED_KEY";

const BROKEN: [string, string, string | RegExp][] = [
  ["data that is no base64", cluster("%"), `${IN_CLUSTER}it is not base64`],
  [
    "an authority without a certificate",
    cluster(btoa("x")),
    `${IN_CLUSTER}it holds no certificate`,
  ],
  [
    "an authority that is a key",
    cluster(btoa(key)),
    `${IN_CLUSTER}it holds no certificate`,
  ],
  [
    "an authority that is cut off",
    cluster(btoa(TLS.ca.slice(0, -20))),
    `${IN_CLUSTER}it holds no certificate`,
  ],
  [
    "an authority that is no certificate",
    cluster(btoa(pem("CERTIFICATE", "MIIB"))),
    /certificate-authority-data.*: it holds a certificate that is damaged$/,
  ],
  ["a certificate that is a key", user(key, key), `${IN_CERT}it holds no certificate`],
  [
    "a certificate that is none",
    user(pem("CERTIFICATE", "MIIB"), key),
    `${IN_CERT}it holds no valid certificate`,
  ],
  ["a key that is a certificate", user(cert, cert), `${IN_KEY}it holds no private key`],
  [
    "a key that is none",
    user(cert, pem("PRIVATE KEY", "AAAA")),
    `${IN_KEY}it holds no valid private key`,
  ],
  [
    "a key of another certificate",
    user(cert, TLS.server.key),
    `${IN_KEY}it is not the key of field 'client-certificate-data' of user 'a' of kubeconfig '/k'`,
  ],
  [
    "a certificate of X.509 version 1",
    user(VERSION_1.cert, VERSION_1.key),
    `${IN_CERT}it is of X.509 version 1; issue it as version 3`,
  ],
  [
    "an encrypted key",
    user(cert, pem("ENCRYPTED PRIVATE KEY", "AAAA")),
    IN_KEY + ENCRYPTED,
  ],
  [
    "an encrypted key of the older form",
    user(cert, pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA")),
    IN_KEY + ENCRYPTED,
  ],
  [
    "a certificate without a key",
    kubeconfig({ user: { "client-certificate-data": btoa(cert) } }),
    "Cannot use user 'a' of kubeconfig '/k': field 'client-key' is missing",
  ],
  [
    "a key without a certificate",
    kubeconfig({ user: { "client-key-data": btoa(key) } }),
    "Cannot use user 'a' of kubeconfig '/k': field 'client-certificate' is missing",
  ],
  [
    "a file that is not there",
    kubeconfig({ cluster: { "certificate-authority": "/ca" } }),
    "Cannot read certificate-authority of cluster 'a' of kubeconfig '/k' '/ca': it does not exist",
  ],
];

for (const [what, text, message] of BROKEN) {
  Deno.test(`loadConnection() refuses ${what}, by name`, async () => {
    const told = await complaintOf(text);
    if (typeof message === "string") assert.equal(told, message);
    else assert.match(told, message);
  });
}

Deno.test("loadConnection() names the file whose key is wrong", async () => {
  const files = {
    "/etc/kube/k": kubeconfig({ user: { "client-certificate": "c.crt", "client-key": "c.key" } }),
    "/etc/kube/c.crt": cert,
    "/etc/kube/c.key": pem("ENCRYPTED PRIVATE KEY", "AAAA"),
  };
  assert.equal(
    await complaint({ files }, { kubeconfig: "/etc/kube/k" }),
    "Cannot use field 'client-key' of user 'a' of kubeconfig '/etc/kube/k' (file '/etc/kube/c.key'): " +
      ENCRYPTED,
  );
});

Deno.test("loadConnection() takes a chain with text around it", async () => {
  const chain = `subject=/CN=me\n${cert}\nissuer\n${TLS.ca}`;
  const connection = await load(
    { files: { "/k": user(chain, `Bag Attributes\n${key}`) } },
    { kubeconfig: "/k" },
  );
  assert.match(Deno.inspect(connection.tls), /clientCertificate: true/);
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

Deno.test("a connection of files goes on with new certificates when they have been replaced", async () => {
  await using logs = await captureLogs();
  const watch = new LiveBody();
  await using server = new ScriptedServer(TLS.server)
    .answer(watch.response(), json(1), json(2), json(3));
  const clock = new FakeClock();
  const files: Record<string, string> = {
    "/k": kubeconfig({
      cluster: { server: `https://${server.address}`, "certificate-authority": "ca.crt" },
    }),
    "/ca.crt": TLS.ca,
  };
  const connection = await load({ files }, { kubeconfig: "/k", clock });
  using client = new KubeClient(connection, { clock });
  await watch.send("one");
  const reader = (await client.stream({ path: "/watch" })).getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  assert.equal(await read(), "one");
  assert.equal(await client.request({ path: "/x" }), 1);
  const before = await connection.tls?.current();

  files["/ca.crt"] = `${TLS.ca}# renewed\n`;
  await clock.advance(300_000);
  assert.equal(await client.request({ path: "/x" }), 2);
  const after = await connection.tls?.current();
  assert.notEqual(after, before);
  await watch.send("two");
  assert.equal(await read(), "two", "what was under way is not cut");
  await watch.end();
  assert.equal(await read(), "");

  files["/ca.crt"] = "half a fi";
  await clock.advance(300_000);
  assert.equal(await client.request({ path: "/x" }), 3);
  assert.equal(await connection.tls?.current(), after);
  assert.deepEqual(logs.lines.map(({ text }) => text), [
    "Certificates have changed, opening new connections",
    "Keeping the old certificates",
  ]);
});
