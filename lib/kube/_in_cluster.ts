/** The connection that every pod is given through its service account. */

import { type ConfigIo, readRequired } from "./_config_io.ts";
import { checkAuthorities } from "./_pem.ts";
import type { Connection } from "./connection.ts";
import { TokenFile } from "./credentials.ts";
import { ReloadingTls } from "./reloading_tls.ts";
import { TlsMaterial } from "./tls.ts";

/** Where the kubelet mounts the service account (client-go, `rest/config.go`). */
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Whether the environment is that of a pod. */
export function isInCluster({ env }: ConfigIo): boolean {
  return Boolean(env("KUBERNETES_SERVICE_HOST") && env("KUBERNETES_SERVICE_PORT"));
}

/**
 * The connection of a pod.
 *
 * @throws {ConfigError} if the certificate authority or the token cannot be read
 */
export async function serviceAccountConnection(io: ConfigIo): Promise<Connection> {
  const host = io.env("KUBERNETES_SERVICE_HOST") ?? "";
  const port = io.env("KUBERNETES_SERVICE_PORT") ?? "";
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
  await credentials.authorization();
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    credentials,
    tls,
    namespace: await namespaceOfPod(io),
    isInCluster: true,
    description: "the service account of this pod",
  };
}

async function readAuthorities(io: ConfigIo): Promise<TlsMaterial> {
  const path = `${SERVICE_ACCOUNT}/ca.crt`;
  const text = await readRequired(io, "certificate authority", path);
  checkAuthorities({ origin: `certificate authority '${path}'`, text });
  return new TlsMaterial({ caCerts: [text] });
}

async function namespaceOfPod(io: ConfigIo): Promise<string> {
  const given = io.env("POD_NAMESPACE");
  if (given) return given;
  try {
    return (await io.readFile(`${SERVICE_ACCOUNT}/namespace`)).trim() || "default";
  } catch {
    return "default";
  }
}
