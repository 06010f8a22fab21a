/** What a credential plugin is asked and what it answers: `ExecCredential` of `client.authentication.k8s.io`. */

import { parseJsonOrYaml } from "./_json_or_yaml.ts";
import { asMapping } from "./_mapping.ts";
import { checkClientCertificate } from "./_pem.ts";
import { isToken } from "./credentials.ts";
import { ConfigError } from "./errors.ts";
import type { ClientCertificate } from "./tls.ts";

/** What a plugin answered. */
export interface ExecCredential {
  /** The `Authorization` header. */
  readonly authorization?: string;
  /** Client certificate and key. */
  readonly certificate?: ClientCertificate;
  /** When to ask again, in ms since 1970; never if absent. */
  readonly expiresAtMs?: number;
}

/** The value of `KUBERNETES_EXEC_INFO`. */
export function execInfo(apiVersion: string, interactive: boolean, cluster: unknown): string {
  const spec = { ...(cluster !== undefined && { cluster }), interactive };
  return JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
}

/**
 * Reads a plugin's standard output. It holds secrets, so no message quotes it.
 *
 * @throws {ConfigError} if it is no credential; `title` names the plugin
 */
export async function parseExecCredential(
  text: string,
  apiVersion: string,
  title: string,
): Promise<ExecCredential> {
  const fail = (why: string): never => {
    throw new ConfigError(`Cannot use the answer of ${title}: ${why}`);
  };
  const answer = asMapping(await parseText(text)) ?? fail("it is no JSON object");
  if (answer.kind !== "ExecCredential") fail("its kind is not 'ExecCredential'");
  if (answer.apiVersion !== apiVersion) {
    fail(`its apiVersion is not '${apiVersion}', for which it is configured`);
  }
  const status = asMapping(answer.status) ?? fail("it has no 'status'");
  const field = (name: string): string | undefined => {
    const value = status[name] ?? "";
    if (typeof value !== "string") return fail(`its 'status.${name}' is not text`);
    return value === "" ? undefined : value;
  };
  const token = field("token");
  const cert = field("clientCertificateData");
  const key = field("clientKeyData");
  const expiry = field("expirationTimestamp");
  if (!token && !cert && !key) fail("it has neither a token nor a certificate");
  if (Boolean(cert) !== Boolean(key)) {
    fail("it has only one of 'clientCertificateData' and 'clientKeyData'");
  }
  if (token && !isToken(token)) fail("its 'status.token' holds more than a token");
  const expiresAtMs = expiry === undefined ? undefined : Date.parse(expiry);
  if (Number.isNaN(expiresAtMs)) fail("its 'status.expirationTimestamp' is no time");
  if (cert && key) {
    checkClientCertificate(
      { origin: `'clientCertificateData' of the answer of ${title}`, text: cert },
      { origin: `'clientKeyData' of the answer of ${title}`, text: key },
    );
  }
  return {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(cert && key && { certificate: { cert, key } }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  };
}

/** JSON, or YAML, as client-go reads either. */
async function parseText(text: string): Promise<unknown> {
  try {
    return await parseJsonOrYaml(text);
  } catch {
    return undefined;
  }
}
