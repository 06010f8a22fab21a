import assert from "node:assert/strict";

import { ConfigError, KubeClient, loadConnection, TransportError } from "../../lib/kube/mod.ts";
import { failure, json, ScriptedServer } from "../support/scripted_server.ts";
import { kubeconfig } from "./_kubeconfig.ts";
import { startMutual } from "./_mutual_server.ts";
import { eventually, rejection } from "./_support.ts";
import { TLS, TLS_FOLDER } from "./_tls_files.ts";

const API_VERSION = "client.authentication.k8s.io/v1";

/** A folder with a kubeconfig and beside it a plugin, which is a shell script. */
class Folder implements AsyncDisposable {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  static async with(script: string, server: string, exec: object = {}): Promise<Folder> {
    const folder = new Folder(await Deno.makeTempDir());
    await Deno.mkdir(`${folder.path}/bin`);
    await Deno.writeTextFile(`${folder.path}/bin/plugin`, `#!/bin/sh\n${script}\n`, {
      mode: 0o700,
    });
    await Deno.writeTextFile(
      folder.kubeconfig,
      kubeconfig({
        cluster: { server, "certificate-authority": `${TLS_FOLDER}ca.crt` },
        user: {
          exec: {
            apiVersion: API_VERSION,
            command: "./bin/plugin",
            args: ["get", "token"],
            env: [{ name: "STAGE", value: "test" }],
            interactiveMode: "Never",
            provideClusterInfo: true,
            ...exec,
          },
        },
      }),
    );
    return folder;
  }

  get kubeconfig(): string {
    return `${this.path}/config`;
  }

  async read(name: string): Promise<string> {
    return await Deno.readTextFile(`${this.path}/${name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** Prints a new token with each run, and writes down what it was told. */
const COUNTING = `
cd "$(dirname "$0")/.."
echo "$KUBERNETES_EXEC_INFO" >info
echo "$* $STAGE $HOME" >told
echo run >>runs
n=$(($(wc -l <runs)))
echo "talking to myself" >&2
echo "{\\"apiVersion\\":\\"${API_VERSION}\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"t$n\\"}}"
`;

Deno.test("a real plugin is found beside the kubeconfig, told of the cluster, and asked again after a 401", async () => {
  const seen = ({ headers }: { headers: Headers }) => json(headers.get("authorization"));
  await using server = new ScriptedServer(TLS.server)
    .answer(seen, seen, () => failure(401, "Unauthorized"), seen);
  const url = `https://${server.address}`;
  await using folder = await Folder.with(COUNTING, url);
  using client = new KubeClient(await loadConnection({ kubeconfig: folder.kubeconfig }));
  assert.deepEqual(
    await Promise.all([client.request({ path: "/x" }), client.request({ path: "/x" })]),
    ["Bearer t1", "Bearer t1"],
  );
  await assert.rejects(client.request({ path: "/x" }), { name: "ApiError", status: 401 });
  assert.equal(await client.request({ path: "/x" }), "Bearer t2");
  assert.deepEqual(JSON.parse(await folder.read("info")), {
    apiVersion: API_VERSION,
    kind: "ExecCredential",
    spec: {
      cluster: { server: url, "certificate-authority-data": btoa(TLS.ca) },
      interactive: false,
    },
  });
  assert.equal(await folder.read("told"), `get token test ${Deno.env.get("HOME")}\n`);
});

/** Prints a client certificate, and writes down that it ran. */
const CERTIFYING = `
cd "$(dirname "$0")/.."
echo run >>runs
node() { awk 'BEGIN { ORS = "\\\\n" } { print }' "$1"; }
cert=$(node ${TLS_FOLDER}client.crt)
key=$(node ${TLS_FOLDER}client.key)
printf '%s' '{"apiVersion":"${API_VERSION}","kind":"ExecCredential","status":{"clientCertificateData":"'"$cert"'","clientKeyData":"'"$key"'"}}'
`;

Deno.test("a server is shown the certificate that a plugin hands out", async () => {
  await using server = await startMutual();
  await using folder = await Folder.with(CERTIFYING, server.url);
  using client = new KubeClient(await loadConnection({ kubeconfig: folder.kubeconfig }));
  assert.equal(await client.request({ path: "/x" }), "test-client");
});

Deno.test("a client changes its connections when a plugin hands out a new certificate", async () => {
  await using server = new ScriptedServer(TLS.server)
    .answer(json(1), () => failure(401, "Unauthorized"), json(3));
  await using folder = await Folder.with(CERTIFYING, `https://${server.address}`);
  const connection = await loadConnection({ kubeconfig: folder.kubeconfig });
  using client = new KubeClient(connection);
  assert.equal(await client.request({ path: "/x" }), 1);
  const before = await connection.tls?.current();
  assert.match(Deno.inspect(before), /clientCertificate: true/);
  await assert.rejects(client.request({ path: "/x" }), { status: 401 });
  assert.equal(await client.request({ path: "/x" }), 3);
  assert.notEqual(await connection.tls?.current(), before);
  assert.equal(await folder.read("runs"), "run\nrun\n");
});

Deno.test("a plugin is not asked again when the server cannot be reached", async () => {
  const refused = new ScriptedServer(TLS.server);
  const url = `https://${refused.address}`;
  await refused[Symbol.asyncDispose]();
  await using folder = await Folder.with(COUNTING, url);
  using client = new KubeClient(await loadConnection({ kubeconfig: folder.kubeconfig }));
  for (let i = 0; i < 2; i++) {
    await rejection(client.request({ method: "POST", path: "/x" }), TransportError);
  }
  assert.equal(await folder.read("runs"), "run\n");
});

Deno.test("a plugin that fails or is not there is told with its exit code, its words and the hint", async () => {
  const text = "echo hush; echo 'no session' >&2; exit 7";
  await using folder = await Folder.with(text, "https://127.0.0.1:1");
  using client = new KubeClient(await loadConnection({ kubeconfig: folder.kubeconfig }));
  const failed = await rejection(client.request({ path: "/x" }), ConfigError);
  assert.match(failed.message, /: it ended with exit code 7: no session$/);
  assert.doesNotMatch(Deno.inspect(failed, { depth: 9 }), /hush/);

  const exec = { command: "no-such-plugin-anywhere", installHint: "Get it from the shop" };
  await using other = await Folder.with(text, "https://127.0.0.1:1", exec);
  using lost = new KubeClient(await loadConnection({ kubeconfig: other.kubeconfig }));
  const missing = await rejection(lost.request({ path: "/x" }), ConfigError);
  assert.match(
    missing.message,
    /^Cannot run plugin 'no-such-plugin-anywhere' of user 'a' of .*\nGet it from the shop$/,
  );
});

Deno.test("a plugin that hangs is killed when its request is aborted, although its child keeps the pipe open", async () => {
  const script = 'trap "" TERM; echo started >"$(dirname "$0")/../runs"; sleep 3 & wait';
  await using folder = await Folder.with(script, "https://127.0.0.1:1");
  using client = new KubeClient(await loadConnection({ kubeconfig: folder.kubeconfig }));
  const stop = new AbortController();
  const failed = rejection(client.request({ path: "/x", signal: stop.signal }), Error);
  await eventually(() => hasFile(`${folder.path}/runs`));
  stop.abort(new Error("enough"));
  assert.equal((await failed).message, "enough");
});

function hasFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
