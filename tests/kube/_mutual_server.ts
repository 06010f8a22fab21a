/** A server that asks for a client certificate. */

import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import { TLSSocket } from "node:tls";

import type { ClientCertificate } from "../../lib/kube/mod.ts";
import { TLS } from "./_tls_files.ts";

/** What the certificates of such a server are. */
export interface MutualOptions {
  /** The one that it shows itself. */
  readonly own?: ClientCertificate;
  /** The authority of those that it takes. */
  readonly ca?: string;
}

/** Starts one that answers with the certificate's common name; `Deno.serve` cannot ask. */
export async function startMutual(
  { own = TLS.server, ca = TLS.ca }: MutualOptions = {},
): Promise<AsyncDisposable & { readonly url: string }> {
  const options = { ...own, ca, requestCert: true, rejectUnauthorized: true };
  const server: Server = createServer(options, (request: IncomingMessage, response) => {
    const { socket } = request;
    response.end(socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return {
    url: `https://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
