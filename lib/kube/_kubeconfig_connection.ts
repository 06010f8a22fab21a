/** From the entries of a kubeconfig to a connection. */

import { dirname, isAbsolute, join } from "node:path";

import { checkCertificates } from "./_certificates.ts";
import { type ConfigIo, readRequired } from "./_config_io.ts";
import { type Entry, type Kubeconfig, textField } from "./_kubeconfig_file.ts";
import type { Connection } from "./connection.ts";
import { BasicAuth, type Credentials, isToken, StaticToken, TokenFile } from "./credentials.ts";
import { ConfigError } from "./errors.ts";
import { TlsMaterial } from "./tls.ts";

/** Fields of a cluster that change what a connection does, and that are not supported yet. */
const UNSUPPORTED_CLUSTER_FIELDS = ["proxy-url", "tls-server-name", "insecure-skip-tls-verify"];

/** Likewise of a user; `exec` is refused only where it would be used. */
const UNSUPPORTED_USER_FIELDS = ["as", "as-uid", "as-groups", "as-user-extra", "auth-provider"];

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
  if (!cluster) throw new ConfigError(`Cannot use ${context.title}: field 'cluster' is missing`);
  refuse(cluster, UNSUPPORTED_CLUSTER_FIELDS);
  const user = referenced(context, "user", config.users);
  const tls = await tlsOf(cluster, user, io);
  const credentials = user && credentialsOf(user, io);
  return {
    server: serverOf(cluster),
    ...(credentials && { credentials }),
    ...(tls && { tls }),
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

function refuse({ title, fields }: Entry, unsupported: readonly string[]): void {
  for (const field of unsupported) {
    if (fields[field]) throw new ConfigError(`Cannot use ${title}: '${field}' is not supported`);
  }
}

/** The URL, whose path stays a prefix; without a slash at its end. */
function serverOf(cluster: Entry): string {
  const text = textField(cluster, "server");
  if (!text) throw new ConfigError(`Cannot use ${cluster.title}: field 'server' is missing`);
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw new ConfigError(`Cannot use ${cluster.title}: field 'server' is no http or https URL`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new ConfigError(
      `Cannot use ${cluster.title}: field 'server' has a user, a query or a fragment`,
    );
  }
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

async function tlsOf(
  cluster: Entry,
  user: Entry | undefined,
  io: ConfigIo,
): Promise<TlsMaterial | undefined> {
  const ca = await pemOf(cluster, "certificate-authority", io);
  const cert = user && await pemOf(user, "client-certificate", io);
  const key = user && await pemOf(user, "client-key", io);
  if (user && Boolean(cert) !== Boolean(key)) {
    const missing = cert ? "client-key" : "client-certificate";
    throw new ConfigError(`Cannot use ${user.title}: field '${missing}' is missing`);
  }
  const authority = ca ? { caCerts: [ca] } : {};
  const client = cert && key ? { cert, key } : {};
  checkCertificates(`field 'certificate-authority' of ${cluster.title}`, authority);
  checkCertificates(`fields 'client-certificate' and 'client-key' of ${user?.title}`, client);
  return ca || cert ? new TlsMaterial({ ...authority, ...client }) : undefined;
}

/** The text of a `-data` field, else of the file that the field without `-data` names. */
async function pemOf(entry: Entry, field: string, io: ConfigIo): Promise<string | undefined> {
  const data = textField(entry, `${field}-data`);
  const path = textField(entry, field);
  if (!data && !path) return undefined;
  const source = data ? `${field}-data` : field;
  const text = data
    ? decodeBase64(data)
    : await readRequired(io, `${field} of ${entry.title}`, resolvePath(entry, path ?? ""));
  if (!text?.includes("-----BEGIN ")) {
    throw new ConfigError(`Cannot use ${entry.title}: field '${source}' holds no PEM text`);
  }
  return text;
}

function decodeBase64(data: string): string | undefined {
  try {
    // PEM is ASCII, so Latin-1 is as good as UTF-8.
    return atob(data);
  } catch {
    return undefined;
  }
}

/** Relative paths start from the folder of the file they stand in. */
function resolvePath(entry: Entry, path: string): string {
  return isAbsolute(path) ? path : join(dirname(entry.file), path);
}

/** A token file wins over a token: it is rotated. A client certificate goes with any of them. */
function credentialsOf(user: Entry, io: ConfigIo): Credentials | undefined {
  refuse(user, UNSUPPORTED_USER_FIELDS);
  const tokenFile = textField(user, "tokenFile");
  if (tokenFile) {
    return new TokenFile({
      path: resolvePath(user, tokenFile),
      readFile: io.readFile,
      clock: io.clock,
    });
  }
  const token = textField(user, "token")?.trim();
  if (token && !isToken(token)) {
    throw new ConfigError(`Cannot use ${user.title}: field 'token' holds more than a token`);
  }
  if (token) return new StaticToken(token);
  const username = textField(user, "username");
  if (username) return new BasicAuth(username, textField(user, "password") ?? "");
  const hasCertificate = user.fields["client-certificate"] ||
    user.fields["client-certificate-data"];
  // A plugin is asked only when there is nothing else (client-go, `plugin/pkg/client/auth/exec`).
  if (!hasCertificate) refuse(user, ["exec"]);
  return undefined;
}
