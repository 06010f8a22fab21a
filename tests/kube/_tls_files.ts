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
