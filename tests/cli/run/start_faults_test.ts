/** What keeps `run` from starting: each a line that says what to do, and exit status 1. docs/operations.md has the table. */

import assert from "node:assert/strict";
import { CertificateAuthority } from "../../support/control_plane/mod.ts";
import { json, RawServer, ScriptedServer } from "../../support/scripted_server.ts";
import { ACCOUNT, type Pod, podFor, runIn } from "./_pod.ts";

const MOUNT = "; does the pod mount its service account (automountServiceAccountToken)?";

const { cert: CA } = await CertificateAuthority.create();
/** Nothing is asked of the server before all files are read. */
const GOOD = podFor(1, CA);

/** A pod with one file that is something else; without it if it is nothing. */
function withFile(name: string, content?: string | Error): Pod {
  const { [`${ACCOUNT}/${name}`]: _, ...files } = GOOD.files;
  return {
    ...GOOD,
    files: content === undefined ? files : { ...files, [`${ACCOUNT}/${name}`]: content },
  };
}

const FORBIDDEN = new Deno.errors.PermissionDenied("Permission denied (os error 13)");
const DAMAGED = CA.replace(/\n.{8}/, "\nAAAAAAAA");
const PORT = "KUBERNETES_SERVICE_PORT";

const FILES: readonly (readonly [what: string, pod: Pod, line: string])[] = [
  [
    "no ca.crt",
    withFile("ca.crt"),
    `Cannot read certificate authority '${ACCOUNT}/ca.crt': it does not exist${MOUNT}`,
  ],
  [
    "an empty ca.crt",
    withFile("ca.crt", "\n"),
    `Cannot read certificate authority '${ACCOUNT}/ca.crt': it is empty`,
  ],
  [
    "a ca.crt that it may not read",
    withFile("ca.crt", FORBIDDEN),
    `Cannot read certificate authority '${ACCOUNT}/ca.crt': this program may not read it`,
  ],
  [
    "a ca.crt that is no certificate",
    withFile("ca.crt", "no certificate"),
    `Cannot use certificate authority '${ACCOUNT}/ca.crt': it holds no certificate`,
  ],
  [
    "a ca.crt that is cut off",
    withFile("ca.crt", CA.slice(0, 200)),
    `Cannot use certificate authority '${ACCOUNT}/ca.crt': it holds no certificate`,
  ],
  [
    "a ca.crt that is damaged",
    withFile("ca.crt", DAMAGED),
    `Cannot use certificate authority '${ACCOUNT}/ca.crt': it holds a certificate that is damaged: ` +
    "invalid peer certificate: BadEncoding",
  ],
  [
    "no token",
    withFile("token"),
    `Cannot read token file '${ACCOUNT}/token': it does not exist${MOUNT}`,
  ],
  [
    "an empty token",
    withFile("token", ""),
    `Cannot read token file '${ACCOUNT}/token': it is empty`,
  ],
  [
    "a token that it may not read",
    withFile("token", FORBIDDEN),
    `Cannot read token file '${ACCOUNT}/token': this program may not read it`,
  ],
  [
    "a token that is a folder",
    withFile("token", new Deno.errors.IsADirectory("Is a directory (os error 21)")),
    `Cannot read token file '${ACCOUNT}/token': it is a folder`,
  ],
  [
    "a ca.crt in a place that Deno keeps to itself",
    withFile("ca.crt", new Deno.errors.NotCapable('Requires all access to "/dev/stdin"')),
    `Cannot read certificate authority '${ACCOUNT}/ca.crt': Deno lets a compiled program read ` +
    "nothing in /dev, /proc and /sys; use a copy elsewhere",
  ],
  [
    "no namespace",
    withFile("namespace"),
    `Cannot read the pod's namespace '${ACCOUNT}/namespace': it does not exist; mount it, or set POD_NAMESPACE`,
  ],
  [
    "an empty namespace",
    withFile("namespace", ""),
    `Cannot read the pod's namespace '${ACCOUNT}/namespace': it is empty; mount it, or set POD_NAMESPACE`,
  ],
  [
    "no folder",
    { ...GOOD, files: {} },
    `Cannot read certificate authority '${ACCOUNT}/ca.crt': it does not exist${MOUNT}`,
  ],
  [
    "the folder but no variables",
    { ...GOOD, env: {} },
    "Cannot find an API server: no kubeconfig is given, KUBECONFIG is not set, this is no pod " +
    `(KUBERNETES_SERVICE_HOST is not set, though '${ACCOUNT}/token' is there) and HOME is not set`,
  ],
  [
    "one variable but not the other",
    { ...GOOD, env: { KUBERNETES_SERVICE_HOST: "10.0.0.1" } },
    "Cannot find an API server: no kubeconfig is given, KUBECONFIG is not set, this is no pod " +
    "(KUBERNETES_SERVICE_PORT is not set, though KUBERNETES_SERVICE_HOST is) and HOME is not set",
  ],
  [
    "a port that is none",
    { ...GOOD, env: { ...GOOD.env, [PORT]: "tcp://10.0.0.1:443" } },
    "Cannot use KUBERNETES_SERVICE_HOST '127.0.0.1' and KUBERNETES_SERVICE_PORT " +
    "'tcp://10.0.0.1:443': they are no host and port",
  ],
];

for (const [what, pod, line] of FILES) {
  Deno.test(`run exits 1 and says what to do in a pod with ${what}`, async () => {
    const { code, lastLine } = await runIn(pod);
    assert.equal(lastLine, `bitcoin-controller: ${line}`);
    assert.equal(code, 1);
  });
}

Deno.test("run exits 1 and names the server and the authority when its certificate is another cluster's", async () => {
  // As in life: they are all called the same.
  const authority = await CertificateAuthority.create("kubernetes");
  const other = await CertificateAuthority.create("kubernetes");
  await using server = new ScriptedServer(await authority.issueServer());
  const [, port = ""] = server.address.split(":");
  const { code, lastLine } = await runIn(podFor(port, other.cert));
  assert.equal(
    lastLine,
    `bitcoin-controller: Cannot use the API server 'https://127.0.0.1:${port}' of the service account of this pod: ` +
      `Cannot GET '/version': the server's certificate is not signed by certificate authority '${ACCOUNT}/ca.crt' ` +
      "(BadSignature): check the address and the authority, one of them is another cluster's",
  );
  assert.equal(code, 1);
  assert.equal(server.requests.length, 0);
});

Deno.test("run exits 1 and names the proxy, without its password, when that refuses connections", async () => {
  const gone = new RawServer();
  await gone[Symbol.asyncDispose]();
  const cluster = { server: "https://h", "proxy-url": gone.url.replace("//", "//hush:hush@") };
  const text = JSON.stringify({
    "current-context": "a",
    clusters: [{ name: "a", cluster }],
    contexts: [{ name: "a", context: { cluster: "a" } }],
  });
  const pod: Pod = { files: { "/k": text }, env: {} };
  const { code, lastLine, io } = await runIn(pod, "--kubeconfig", "/k");
  assert.match(
    lastLine,
    new RegExp(
      "^bitcoin-controller: Cannot use the API server 'https://h' of context 'a' of kubeconfig '/k' " +
        `through proxy '${gone.url}': Cannot GET '/version': .*Connection refused`,
    ),
  );
  assert.doesNotMatch(io.stderr(), /hush/);
  assert.equal(code, 1);
});

Deno.test("run exits 1 and says what the server says when it refuses the token", async () => {
  const authority = await CertificateAuthority.create();
  await using server = new ScriptedServer(await authority.issueServer()).answer(
    json({ kind: "Status", code: 401, reason: "Unauthorized", message: "Unauthorized" }, {
      status: 401,
    }),
  );
  const [, port = ""] = server.address.split(":");
  const { code, lastLine } = await runIn(podFor(port, authority.cert));
  assert.match(
    lastLine,
    /, which does not take these credentials: renew them: Cannot GET '\/version': Unauthorized \(401 Unauthorized\)$/,
  );
  assert.equal(code, 1);
});

Deno.test("run says in JSON what keeps it from starting where it logs in JSON, and says it once", async () => {
  const { code, io } = await runIn(withFile("token", ""), "--log-format", "json");
  const [line = "", ...more] = io.stderr().trimEnd().split("\n");
  assert.deepEqual(more, []);
  const { level, error } = JSON.parse(line);
  assert.equal(level, "FATAL");
  assert.equal(error, `Cannot read token file '${ACCOUNT}/token': it is empty`);
  assert.equal(code, 1);
});
