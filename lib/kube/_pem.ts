/** Checks keys and certificates while it is still known where they come from. */

import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";

import { versionProblem } from "./_certificate_problem.ts";
import { ConfigError } from "./errors.ts";
import { TlsMaterial } from "./tls.ts";

/** A text in PEM form, and how messages name it. */
export interface PemText {
  /** `field 'client-key' of user 'a' of kubeconfig '/k' (file '/key.pem')`. */
  readonly origin: string;
  /** The text. */
  readonly text: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/;
const PRIVATE_KEY = /-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----[^]*?-----END \1-----/;
/** PKCS #8 says so in its label (RFC 7468, 11), the older form in a header (RFC 1421, 4.6.1.1). */
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: *4, *ENCRYPTED/m;

/**
 * Checks certificate authorities.
 *
 * @throws {ConfigError} if there are none, or one of them cannot be read
 */
export function checkAuthorities({ origin, text }: PemText): void {
  if (!CERTIFICATE.test(text)) {
    throw new ConfigError(`Cannot use ${origin}: it holds no certificate`);
  }
  try {
    new TlsMaterial({ caCerts: [text] }).createHttpClient().close();
  } catch (cause) {
    throw new ConfigError(`Cannot use ${origin}: it holds a certificate that is damaged`, {
      cause,
    });
  }
}

/**
 * Checks a client certificate and its key, each by itself and then whether they go together. Not before that are they
 * loaded as a request would: Deno 2.4 panics on those that are wrong.
 *
 * @throws {ConfigError} if they cannot be used
 */
export function checkClientCertificate(cert: PemText, key: PemText): void {
  const certificateKey = publicKeyOf(parseCertificate(cert));
  const ownKey = createPublicKeyOf(parseKey(key));
  if (certificateKey && ownKey && certificateKey !== ownKey) {
    throw new ConfigError(`Cannot use ${key.origin}: it is not the key of ${cert.origin}`);
  }
  try {
    new TlsMaterial({ cert: cert.text, key: key.text }).createHttpClient().close();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const oldVersion = versionProblem(said);
    const why = oldVersion ? `it ${oldVersion}` : said;
    throw new ConfigError(`Cannot use ${cert.origin}: ${why}`, { cause });
  }
}

function parseCertificate({ origin, text }: PemText): X509Certificate {
  const pem = CERTIFICATE.exec(text)?.[0];
  if (!pem) throw new ConfigError(`Cannot use ${origin}: it holds no certificate`);
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new ConfigError(`Cannot use ${origin}: it holds no valid certificate`, { cause });
  }
}

function parseKey({ origin, text }: PemText): KeyObject {
  if (ENCRYPTED.test(text)) {
    throw new ConfigError(
      `Cannot use ${origin}: the key is encrypted; decrypt it with: openssl pkey -in KEY -out DECRYPTED_KEY`,
    );
  }
  const pem = PRIVATE_KEY.exec(text)?.[0];
  if (!pem) throw new ConfigError(`Cannot use ${origin}: it holds no private key`);
  try {
    return createPrivateKey(pem);
  } catch {
    // The cause is left out: nothing says that it quotes none of the key.
    throw new ConfigError(`Cannot use ${origin}: it holds no valid private key`);
  }
}

function publicKeyOf(certificate: X509Certificate): string | undefined {
  return textOf(() => certificate.publicKey);
}

function createPublicKeyOf(key: KeyObject): string | undefined {
  return textOf(() => createPublicKey(key));
}

/** Undefined for a kind of key that Deno 2.4 cannot export, such as Ed25519. */
function textOf(key: () => KeyObject): string | undefined {
  try {
    return key().export({ type: "spki", format: "pem" }).toString();
  } catch {
    return undefined;
  }
}
