/** A certificate authority and the certificates that it issues, for servers on loopback. */

import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** How long a certificate is valid, in ms; from an hour ago, for clocks that differ. */
const VALID_MS = 86_400_000;
const SKEW_MS = 3_600_000;

/** A certificate and its key, both as PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** From when until when a certificate is valid. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Issues certificates. */
export class CertificateAuthority {
  readonly #root: X509Certificate;
  readonly #keys: CryptoKeyPair;

  private constructor(root: X509Certificate, keys: CryptoKeyPair) {
    this.#root = root;
    this.#keys = keys;
  }

  /** A new authority, unlike any other. */
  static async create(name = "test CA"): Promise<CertificateAuthority> {
    cryptoProvider.set(crypto);
    const keys = await newKeys();
    const root = await X509CertificateGenerator.createSelfSigned({
      ...validity(),
      serialNumber: newSerialNumber(),
      name: `CN=${name}`,
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new CertificateAuthority(root, keys);
  }

  /** Its own certificate, for those who are to trust it. */
  get cert(): string {
    return this.#root.toString("pem");
  }

  /** A new certificate for a server on this machine; valid now, unless it is said when. */
  async issueServer(
    commonName = "kube-apiserver",
    valid: Validity = validity(),
  ): Promise<KeyPair> {
    const keys = await newKeys();
    const cert = await X509CertificateGenerator.create({
      ...valid,
      serialNumber: newSerialNumber(),
      subject: `CN=${commonName}`,
      issuer: this.#root.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new SubjectAlternativeNameExtension([
          { type: "ip", value: "127.0.0.1" },
          { type: "dns", value: "localhost" },
          { type: "dns", value: "kubernetes.default.svc" },
        ]),
      ],
    });
    return { cert: cert.toString("pem"), key: await privatePem(keys) };
  }
}

/** A key pair for signing, as two PEM files. */
export async function signingKeys(): Promise<{ readonly key: string; readonly pub: string }> {
  const keys = await newKeys();
  const pub = await crypto.subtle.exportKey("spki", keys.publicKey);
  return { key: await privatePem(keys), pub: pem("PUBLIC KEY", pub) };
}

async function newKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function privatePem({ privateKey }: CryptoKeyPair): Promise<string> {
  return pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", privateKey));
}

function pem(label: string, der: ArrayBuffer): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(der)));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function validity(): Validity {
  const now = Date.now();
  return { notBefore: new Date(now - SKEW_MS), notAfter: new Date(now + VALID_MS) };
}

function newSerialNumber(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 16);
}
