/** The connection that every pod is given through its service account. */

import { type ConfigIo, readRequired, whyUnreadable } from "./_config_io.ts";
import { checkAuthorities } from "./_pem.ts";
import type { Connection } from "./connection.ts";
import { TokenFile } from "./credentials.ts";
import { ConfigError } from "./errors.ts";
import { ReloadingTls } from "./reloading_tls.ts";
import { TlsMaterial } from "./tls.ts";

/** Where the kubelet mounts the service account (client-go, `rest/config.go`). */
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The variables that every container of a pod has. */
const HOST = "KUBERNETES_SERVICE_HOST";
const PORT = "KUBERNETES_SERVICE_PORT";

/** What to do when a file of the service account is missing. */
const MOUNT = "does the pod mount its service account (automountServiceAccountToken)?";

/** Whether the environment is that of a pod. */
export function isInCluster({ env }: ConfigIo): boolean {
  return Boolean(env(HOST) && env(PORT));
}

/** Why this is no pod, for messages: a half of what a pod has is told, for it was hardly meant. */
export async function whyNoPod(io: ConfigIo): Promise<string> {
  const present = [HOST, PORT].find((name) => io.env(name));
  const missing = present === HOST ? PORT : HOST;
  if (present) return `${missing} is not set, though ${present} is`;
  const path = `${SERVICE_ACCOUNT}/token`;
  const isMounted = await io.readFile(path).then(() => true, () => false);
  return `${missing} is not set${isMounted ? `, though '${path}' is there` : ""}`;
}

/**
 * The connection of a pod.
 *
 * @throws {ConfigError} if one of the files of the service account cannot be used, or the address is none
 */
export async function serviceAccountConnection(io: ConfigIo): Promise<Connection> {
  const server = serverOf(io);
  const load = (): Promise<TlsMaterial> => readAuthorities(io);
  const tls = new ReloadingTls({
    initial: await load(),
    load,
    owner: "the service account of this pod",
    clock: io.clock,
  });
  const credentials = new TokenFile({
    path: `${SERVICE_ACCOUNT}/token`,
    readFile: io.readFile,
    clock: io.clock,
  });
  // Reads the file now, so that a missing token is told at the start.
  await credentials.authorization().catch((error: unknown) => {
    throw withHint(error);
  });
  return {
    server,
    credentials,
    tls,
    namespace: await namespaceOfPod(io),
    isInCluster: true,
    description: "the service account of this pod",
  };
}

function serverOf({ env }: ConfigIo): string {
  const host = env(HOST) ?? "";
  const port = env(PORT) ?? "";
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (!/^\d+$/.test(port) || !URL.canParse(server)) {
    throw new ConfigError(
      `Cannot use ${HOST} '${host}' and ${PORT} '${port}': they are no host and port`,
    );
  }
  return server;
}

async function readAuthorities(io: ConfigIo): Promise<TlsMaterial> {
  const path = `${SERVICE_ACCOUNT}/ca.crt`;
  const origin = `certificate authority '${path}'`;
  const text = await readRequired(io, "certificate authority", path).catch((error: unknown) => {
    throw withHint(error);
  });
  checkAuthorities({ origin, text });
  return new TlsMaterial({ caCerts: [text], caOrigin: origin });
}

/** A guess would put the Lease where other controllers, or nobody, look for it. */
async function namespaceOfPod(io: ConfigIo): Promise<string> {
  const given = io.env("POD_NAMESPACE");
  if (given) return given;
  const path = `${SERVICE_ACCOUNT}/namespace`;
  let why = "it is empty";
  let cause: unknown;
  try {
    const namespace = (await io.readFile(path)).trim();
    if (namespace) return namespace;
  } catch (error) {
    why = whyUnreadable(error);
    cause = error;
  }
  throw new ConfigError(
    `Cannot read the pod's namespace '${path}': ${why}; mount it, or set POD_NAMESPACE`,
    { cause },
  );
}

/** The error with what to do, if it is about a file that does not exist. */
function withHint(error: unknown): unknown {
  const isMissing = error instanceof ConfigError && error.cause instanceof Deno.errors.NotFound;
  return isMissing ? new ConfigError(`${error.message}; ${MOUNT}`, { cause: error.cause }) : error;
}
