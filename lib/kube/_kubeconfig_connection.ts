/** From the entries of a kubeconfig to a connection. */

import { getLogger } from "@logtape/logtape";

import type { ConfigIo } from "./_config_io.ts";
import { ExecCertificates } from "./_exec_certificates.ts";
import { CLUSTER_FIELDS, clusterInfoOf, proxyOf, serverOf } from "./_kubeconfig_cluster.ts";
import {
  booleanField,
  type Entry,
  fieldError,
  textField,
  warnOfOthers,
} from "./_kubeconfig_fields.ts";
import type { Kubeconfig } from "./_kubeconfig_file.ts";
import { tlsOf } from "./_kubeconfig_tls.ts";
import { credentialsOf, impersonationOf, USER_FIELDS } from "./_kubeconfig_user.ts";
import type { Connection } from "./connection.ts";
import { ConfigError } from "./errors.ts";
import { ExecCredentials } from "./exec_credentials.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

/** The fields there are (client-go, `clientcmd/api/v1/types.go`). */
const CONTEXT_FIELDS: readonly string[] = ["cluster", "user", "namespace", "extensions"];

/**
 * The connection of a context, or of the current one.
 *
 * @throws {ConfigError} if something is missing, wrong or not supported
 */
export async function connectionOf(
  config: Kubeconfig,
  contextName: string | undefined,
  io: ConfigIo,
): Promise<Connection> {
  const context = contextOf(config, contextName);
  const cluster = referenced(context, "cluster", config.clusters);
  if (!cluster) throw fieldError(context, "cluster", "is missing");
  const user = referenced(context, "user", config.users);
  warnOfOthers(context, CONTEXT_FIELDS);
  warnOfOthers(cluster, CLUSTER_FIELDS);
  if (user) warnOfOthers(user, USER_FIELDS);
  const server = serverOf(cluster);
  const proxy = proxyOf(cluster);
  const { source, authorities } = await tlsOf(cluster, user, io);
  const credentials = user &&
    await credentialsOf(user, io, () => clusterInfoOf(cluster, authorities));
  const impersonation = user && impersonationOf(user);
  const disableCompression = booleanField(cluster, "disable-compression");
  if (server.startsWith("https:") && booleanField(cluster, "insecure-skip-tls-verify")) {
    log.warn(
      "The certificate of the API server is NOT CHECKED ('insecure-skip-tls-verify'): whoever answers at its address " +
        "gets our credentials",
      { server, cluster: cluster.title },
    );
  }
  return {
    server,
    ...(credentials && { credentials }),
    tls: credentials instanceof ExecCredentials
      ? new ExecCertificates(source, credentials)
      : source,
    ...(impersonation && { impersonation }),
    ...(proxy && { proxy }),
    ...(disableCompression && { disableCompression }),
    namespace: textField(context, "namespace") ?? "default",
    description: context.title,
  };
}

function contextOf(config: Kubeconfig, wanted: string | undefined): Entry {
  const name = wanted || config.currentContext;
  const known = namesOf(config.contexts);
  if (!name) {
    throw new ConfigError(
      `Cannot choose a context of ${config.title}: field 'current-context' is not set (${known})`,
    );
  }
  const context = config.contexts.get(name);
  if (!context) {
    throw new ConfigError(
      `Cannot use context '${name}' of ${config.title}: there is no such context (${known})`,
    );
  }
  return context;
}

/** The entry that a context's field names; undefined if the field is absent. */
function referenced(
  context: Entry,
  field: "cluster" | "user",
  entries: ReadonlyMap<string, Entry>,
): Entry | undefined {
  const name = textField(context, field);
  if (!name) return undefined;
  const entry = entries.get(name);
  if (!entry) {
    throw new ConfigError(
      `Cannot use ${context.title}: there is no ${field} '${name}' (${namesOf(entries)})`,
    );
  }
  return entry;
}

function namesOf(entries: ReadonlyMap<string, Entry>): string {
  const names = [...entries.keys()].map((name) => `'${name}'`);
  return names.length === 0 ? "there are none" : `there are ${names.join(", ")}`;
}
