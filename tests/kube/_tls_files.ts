/**
 * Certificates for tests, good until 2126: `ca.crt` signed `server.crt` (for 127.0.0.1 and localhost) and `client.crt`
 * (`/O=system:masters/CN=test-client`). Its own key was thrown away.
 */

/** Folder of the certificates. */
export const TLS_FOLDER = new URL("../fixtures/tls/", import.meta.url).pathname;

async function read(name: string): Promise<string> {
  return await Deno.readTextFile(TLS_FOLDER + name);
}

/** The texts of all of them. */
export const TLS = {
  ca: await read("ca.crt"),
  server: { cert: await read("server.crt"), key: await read("server.key") },
  client: { cert: await read("client.crt"), key: await read("client.key") },
};

/**
 * A certificate of X.509 version 1, good until 2126, as `openssl x509 -req` makes it without extensions; of an authority
 * that is gone.
 */
export const VERSION_1 = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBFTCBvQIUbu/MRfOwru7UgWHJb7A2GEU49fAwCgYIKoZIzj0EAwIwDTELMAkG
A1UEAwwCY2EwIBcNMjYxMTI3MDMzNzU4WhgPMjEyNjExMDMwMzM3NThaMA0xCzAJ
BgNVBAMMAm1lMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJw9e2tGgtDgS9w9H
gL7YGLvjV0OXCreW3j6MuA3VCj3VOQkdcKqC1msIAHUjE/1ZaEDtrHN2pzVJKMfY
WzNmTjAKBggqhkjOPQQDAgNHADBEAiB3EMefglZ7FG9gE1tM7/7TR2GgTFECklDw
xHzszBB0zgIgQMSrXguRW/esQsqtLuky8vbDh8aue1dSsCM/1q1Y38c=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbqCQx10JNn+TtU4U
i9RxlWEPr1U0cIMWUrIppX0dkZWhRANCAAQnD17a0aC0OBL3D0eAvtgYu+NXQ5cK
t5bePoy4DdUKPdU5CR1wqoLWawgAdSMT/VloQO2sc3anNUkox9hbM2ZO
-----END PRIVATE KEY-----
`,
};
