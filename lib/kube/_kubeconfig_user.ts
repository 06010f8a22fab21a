/** What a kubeconfig says of a user: how we prove who we are, and whom we act as. */

import type { ConfigIo } from "./_config_io.ts";
import { execPluginOf } from "./_kubeconfig_exec.ts";
import {
  type Entry,
  fieldError,
  mappingField,
  resolvePath,
  textField,
  textListField,
} from "./_kubeconfig_fields.ts";
import { BasicAuth, type Credentials, isToken, StaticToken, TokenFile } from "./credentials.ts";
import { ConfigError } from "./errors.ts";
import { ExecCredentials } from "./exec_credentials.ts";
import type { Impersonation } from "./impersonation.ts";

/** The fields there are (client-go, `clientcmd/api/v1/types.go`). */
export const USER_FIELDS: readonly string[] = [
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
  "token",
  "tokenFile",
  "as",
  "as-uid",
  "as-groups",
  "as-user-extra",
  "username",
  "password",
  "auth-provider",
  "exec",
  "extensions",
];

/** What to use in place of the providers that client-go had built in until 1.26. */
const PROVIDER_SUCCESSORS: Readonly<Record<string, string>> = {
  gcp: "gke-gcloud-auth-plugin",
  azure: "kubelogin of Azure",
  oidc: "kubectl oidc-login",
};

/**
 * The credentials, with client-go's precedence: a token file before a token, which is used while the file cannot be
 * read, or a password; a plugin only if there is neither of these nor a client certificate. Such a certificate goes
 * with any of them.
 *
 * @throws {ConfigError} if a field is wrong, or two exclude each other
 */
export async function credentialsOf(
  user: Entry,
  io: ConfigIo,
  clusterInfo: () => unknown,
): Promise<Credentials | undefined> {
  refuseProvider(user);
  const bearer = await bearerOf(user, io);
  const username = textField(user, "username");
  const password = textField(user, "password") ?? "";
  if (bearer && username) {
    throw new ConfigError(
      `Cannot use ${user.title}: it has a token and a user name, and only one can be sent`,
    );
  }
  if (bearer) return bearer;
  if (username) return new BasicAuth(username, password);
  const hasCertificate = ["client-certificate", "client-certificate-data"]
    .some((field) => user.fields[field]);
  const exec = mappingField(user, "exec");
  if (!exec || hasCertificate) return undefined;
  return new ExecCredentials({
    plugin: execPluginOf(user, exec, clusterInfo()),
    run: io.runPlugin,
    isTerminal: io.isTerminal,
    clock: io.clock,
  });
}

async function bearerOf(user: Entry, io: ConfigIo): Promise<Credentials | undefined> {
  const token = textField(user, "token")?.trim();
  if (token && !isToken(token)) throw fieldError(user, "token", "holds more than a token");
  const path = textField(user, "tokenFile");
  if (!path) return token ? new StaticToken(token) : undefined;
  const file = new TokenFile({
    path: resolvePath(user, path),
    owner: user.title,
    readFile: io.readFile,
    clock: io.clock,
    fallback: token,
  });
  // Reads the file now, so that a missing token is told at the start.
  await file.authorization();
  return file;
}

function refuseProvider(user: Entry): void {
  const provider = mappingField(user, "auth-provider");
  if (!provider) return;
  const name = textField(provider, "name") ?? "";
  const successor = PROVIDER_SUCCESSORS[name] ?? "a credential plugin";
  throw fieldError(
    user,
    "auth-provider",
    `is not supported (client-go dropped it in 1.26); use 'exec' with ${successor}`,
  );
}

/**
 * Whom to act as, if anybody.
 *
 * @throws {ConfigError} if a field is wrong, or something is told of nobody
 */
export function impersonationOf(user: Entry): Impersonation | undefined {
  const name = textField(user, "as");
  const uid = textField(user, "as-uid");
  const groups = textListField(user, "as-groups");
  const extra = extraOf(user);
  if (!name) {
    const told = { "as-uid": uid, "as-groups": groups[0], "as-user-extra": Object.keys(extra)[0] };
    const [stray] = Object.entries(told).find(([, value]) => value !== undefined) ?? [];
    if (stray) throw fieldError(user, stray, "needs field 'as'");
    return undefined;
  }
  return { user: name, ...(uid && { uid }), groups, extra };
}

function extraOf(user: Entry): Readonly<Record<string, readonly string[]>> {
  const extra = mappingField(user, "as-user-extra");
  if (!extra) return {};
  return Object.fromEntries(
    Object.keys(extra.fields).map((key) => [key, textListField(extra, key)]),
  );
}
