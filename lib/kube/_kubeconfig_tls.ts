/** The certificates that a cluster and a user of a kubeconfig name, as text or as files. */

import { Buffer } from "node:buffer";

import { type ConfigIo, readRequired } from "./_config_io.ts";
import {
  booleanField,
  type Entry,
  fieldError,
  resolvePath,
  textField,
} from "./_kubeconfig_fields.ts";
import { checkAuthorities, checkClientCertificate, type PemText } from "./_pem.ts";
import { ConfigError } from "./errors.ts";
import { ReloadingTls } from "./reloading_tls.ts";
import { TlsMaterial, type TlsSource } from "./tls.ts";

/** Fields that name a file, which may be replaced at any time. */
const FILE_FIELDS = ["certificate-authority", "client-certificate", "client-key"];

/** Certificates, and the text of the authorities for who wants to know them. */
export interface KubeconfigTls {
  readonly source: TlsSource;
  /** PEM text. */
  readonly authorities: string | undefined;
}

/**
 * Reads and checks the certificates; those in files are read again in time.
 *
 * @throws {ConfigError} if they are missing, wrong, encrypted, or contradict each other
 */
export async function tlsOf(
  cluster: Entry,
  user: Entry | undefined,
  io: ConfigIo,
): Promise<KubeconfigTls> {
  const { material, authorities } = await readTls(cluster, user, io);
  const isRotated = [cluster, user].some((entry) =>
    FILE_FIELDS.some((field) => entry?.fields[field] && !entry.fields[`${field}-data`])
  );
  const source = isRotated
    ? new ReloadingTls({
      initial: material,
      load: async () => (await readTls(cluster, user, io)).material,
      owner: user ? `${cluster.title}, ${user.title}` : cluster.title,
      clock: io.clock,
    })
    : material;
  return { source, authorities };
}

async function readTls(
  cluster: Entry,
  user: Entry | undefined,
  io: ConfigIo,
): Promise<{ readonly material: TlsMaterial; readonly authorities: string | undefined }> {
  const insecure = booleanField(cluster, "insecure-skip-tls-verify");
  const serverName = textField(cluster, "tls-server-name");
  const ca = await pemOf(cluster, "certificate-authority", io);
  const cert = user && await pemOf(user, "client-certificate", io);
  const key = user && await pemOf(user, "client-key", io);
  // Whoever sets both means one of them, and we cannot know which (client-go, `transport/transport.go`).
  if (ca && insecure) {
    throw fieldError(
      cluster,
      "insecure-skip-tls-verify",
      "is set, and a certificate authority too",
    );
  }
  if (user && Boolean(cert) !== Boolean(key)) {
    throw fieldError(user, cert ? "client-key" : "client-certificate", "is missing");
  }
  if (ca) checkAuthorities(ca);
  if (cert && key) checkClientCertificate(cert, key);
  const material = new TlsMaterial({
    ...(ca && { caCerts: [ca.text], caOrigin: ca.origin }),
    ...(cert && key && { cert: cert.text, key: key.text }),
    ...(serverName && { serverName }),
    ...(insecure && { insecure }),
  });
  return { material, authorities: ca?.text };
}

/** The text of a `-data` field, else of the file that the field without `-data` names. */
async function pemOf(entry: Entry, field: string, io: ConfigIo): Promise<PemText | undefined> {
  const dataField = `${field}-data`;
  const data = textField(entry, dataField);
  const path = textField(entry, field);
  if (data) {
    const origin = `field '${dataField}' of ${entry.title}`;
    return { origin, text: decodeBase64(data, origin) };
  }
  if (!path) return undefined;
  const file = resolvePath(entry, path);
  const text = await readRequired(io, `${field} of ${entry.title}`, file);
  return { origin: `field '${field}' of ${entry.title} (file '${file}')`, text };
}

function decodeBase64(data: string, origin: string): string {
  try {
    atob(data);
  } catch {
    // The cause is left out: it may quote the data, which may be a key.
    throw new ConfigError(`Cannot use ${origin}: it is not base64`);
  }
  return Buffer.from(data, "base64").toString("utf8");
}
