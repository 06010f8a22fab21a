/** What a kubeconfig says of a cluster: where it is, and the way there. */

import { Buffer } from "node:buffer";

import {
  booleanField,
  type Entry,
  fieldError,
  listField,
  textField,
} from "./_kubeconfig_fields.ts";
import { asMapping } from "./_mapping.ts";
import { ProxyServer } from "./proxy.ts";

/** The fields there are (client-go, `clientcmd/api/v1/types.go`). */
export const CLUSTER_FIELDS: readonly string[] = [
  "server",
  "tls-server-name",
  "insecure-skip-tls-verify",
  "certificate-authority",
  "certificate-authority-data",
  "proxy-url",
  "disable-compression",
  "extensions",
];

/** Name of the extension that holds what plugins want to know of a cluster (client-go, `clientcmd/api/types.go`). */
const EXEC_EXTENSION = "client.authentication.k8s.io/exec";

/**
 * The URL, whose path stays a prefix; without a slash at its end.
 *
 * @throws {ConfigError} if it is missing or no URL that can be used
 */
export function serverOf(cluster: Entry): string {
  const text = textField(cluster, "server");
  if (!text) throw fieldError(cluster, "server", "is missing");
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw fieldError(cluster, "server", "is no http or https URL");
  }
  if (url.username || url.password || url.search || url.hash) {
    throw fieldError(cluster, "server", "has a user, a query or a fragment");
  }
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

/**
 * The proxy, if there is one.
 *
 * @throws {ConfigError} if it cannot be used; the message does not quote the URL, which may hold a password
 */
export function proxyOf(cluster: Entry): ProxyServer | undefined {
  const text = textField(cluster, "proxy-url");
  if (!text) return undefined;
  for (const field of ["tls-server-name", "insecure-skip-tls-verify"]) {
    if (cluster.fields[field]) {
      throw fieldError(cluster, "proxy-url", `does not work together with '${field}'`);
    }
  }
  try {
    return new ProxyServer(text);
  } catch {
    throw fieldError(cluster, "proxy-url", "is no http, https or socks5 URL");
  }
}

/** What a plugin with `provideClusterInfo` is told (`ExecCredential`, `spec.cluster`); `authorities` is PEM text. */
export function clusterInfoOf(cluster: Entry, authorities: string | undefined): unknown {
  const given = ["server", "tls-server-name", "proxy-url"].map((field) =>
    [field, textField(cluster, field)] as const
  );
  const flags = ["insecure-skip-tls-verify", "disable-compression"].map((field) =>
    [field, booleanField(cluster, field) || undefined] as const
  );
  const extension = listField(cluster, "extensions").map(asMapping)
    .find((candidate) => candidate?.name === EXEC_EXTENSION);
  const data = authorities && Buffer.from(authorities, "utf8").toString("base64");
  return Object.fromEntries(
    [
      ...given,
      ...flags,
      ["certificate-authority-data", data] as const,
      ["config", extension?.extension] as const,
    ].filter(([, value]) => value !== undefined),
  );
}
