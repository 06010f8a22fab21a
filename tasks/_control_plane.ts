/** A real etcd and kube-apiserver on loopback, started for one task and thrown away with all their data. */

/** Where a control plane listens, and how to ask it. */
export interface ControlPlane extends AsyncDisposable {
  /** Version of the API server, such as `1.34.4`. */
  readonly version: string;
  /** GETs a path as an administrator, and returns its JSON. */
  readonly get: (path: string) => Promise<unknown>;
}

const TOKEN = "admin-token";
const READY_WITHIN_MS = 60_000;

/**
 * Starts etcd and kube-apiserver from the folder `assets` (the convention of `KUBEBUILDER_ASSETS`).
 *
 * @throws {Error} if one of them cannot be started, or if the API server is not ready within a minute
 */
export async function startControlPlane(assets: string): Promise<ControlPlane> {
  await using cleanup = new globalThis.AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  cleanup.defer(() => Deno.remove(folder, { recursive: true }));
  await writeCredentials(folder);
  const [etcdPort, port] = freePorts(2);
  cleanup.use(start(`${assets}/etcd`, etcdFlags(folder, etcdPort)));
  cleanup.use(start(`${assets}/kube-apiserver`, apiServerFlags(folder, etcdPort, port)));

  const get = requester(`https://127.0.0.1:${port}`, `${folder}/certs/apiserver.crt`);
  const version = await readyVersion(get);
  const running = cleanup.move();
  return { version, get, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function etcdFlags(folder: string, port: number | undefined): readonly string[] {
  return [
    "--name=default",
    `--data-dir=${folder}/etcd`,
    `--listen-client-urls=http://127.0.0.1:${port}`,
    `--advertise-client-urls=http://127.0.0.1:${port}`,
    "--listen-peer-urls=http://127.0.0.1:0",
    "--unsafe-no-fsync",
    "--log-level=error",
  ];
}

function apiServerFlags(
  folder: string,
  etcdPort: number | undefined,
  port: number | undefined,
): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${folder}/certs`,
    "--authorization-mode=RBAC",
    `--token-auth-file=${folder}/tokens.csv`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${folder}/sa.pub`,
    `--service-account-signing-key-file=${folder}/sa.key`,
    "--service-cluster-ip-range=10.0.0.0/24",
    "--endpoint-reconciler-type=none",
    "--shutdown-watch-termination-grace-period=1s",
  ];
}

/** A process that is ended by SIGTERM, and waited for, when it is disposed of. */
function start(command: string, args: readonly string[]): AsyncDisposable {
  const process = new Deno.Command(command, {
    args: [...args],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      try {
        process.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
      await process.status;
    },
  };
}

/** A token for the administrator, and the key pair without which kube-apiserver does not start. */
async function writeCredentials(folder: string): Promise<void> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const secret = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const shared = await crypto.subtle.exportKey("spki", keys.publicKey);
  await Deno.mkdir(`${folder}/certs`);
  await Deno.writeTextFile(`${folder}/sa.key`, pem("PRIVATE KEY", secret));
  await Deno.writeTextFile(`${folder}/sa.pub`, pem("PUBLIC KEY", shared));
  await Deno.writeTextFile(`${folder}/tokens.csv`, `${TOKEN},admin,1,"system:masters"\n`);
}

function pem(label: string, der: ArrayBuffer): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(der)));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function freePorts(count: number): readonly number[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  return listeners.map((listener) => {
    // A TCP listener has an address with a port.
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    return port;
  });
}

function requester(server: string, certificate: string): (path: string) => Promise<unknown> {
  return async (path) => {
    using client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(certificate)] });
    const headers = { authorization: `Bearer ${TOKEN}`, accept: "application/json" };
    const response = await fetch(server + path, { client, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`Cannot get ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
}

async function readyVersion(get: (path: string) => Promise<unknown>): Promise<string> {
  const giveUp = Date.now() + READY_WITHIN_MS;
  while (true) {
    try {
      // Only /version of a real kube-apiserver is read here.
      const { gitVersion } = await get("/version") as { readonly gitVersion: string };
      // The OpenAPI documents are complete once the last of the aggregated ones is there.
      await get("/openapi/v3/apis/apiextensions.k8s.io/v1");
      return gitVersion.replace(/^v/, "");
    } catch (error) {
      if (Date.now() > giveUp) {
        throw new Error("Cannot use kube-apiserver: it is not ready", { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
