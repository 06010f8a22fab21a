import assert from "node:assert/strict";

import {
  ConfigError,
  type FetchLike,
  KubeClient,
  TlsMaterial,
  TransportError,
} from "../../lib/kube/mod.ts";
import { json, ScriptedServer } from "../support/scripted_server.ts";
import { startMutual } from "./_mutual_server.ts";
import { connectionTo, rejection } from "./_support.ts";
import { TLS } from "./_tls_files.ts";

const caCerts = [TLS.ca];

Deno.test("a client trusts the authority it is given", async () => {
  await using server = new ScriptedServer(TLS.server).answer(json({ ok: true }));
  const tls = new TlsMaterial({ caCerts });
  using client = new KubeClient(connectionTo(`https://${server.address}`, { tls }));
  assert.deepEqual(await client.request({ path: "/x" }), { ok: true });
});

Deno.test("a client refuses a server whose authority it does not know", async () => {
  await using server = new ScriptedServer(TLS.server);
  using client = new KubeClient(connectionTo(`https://${server.address}`));
  const error = await rejection(client.request({ method: "POST", path: "/x" }), TransportError);
  assert.match(error.message, /UnknownIssuer/);
  assert.ok(error.cause instanceof Error);
});

Deno.test("a client shows its certificate to a server that asks for one", async () => {
  await using server = await startMutual();
  const tls = new TlsMaterial({ caCerts, ...TLS.client });
  using client = new KubeClient(connectionTo(server.url, { tls }));
  assert.equal(await client.request({ path: "/x" }), "test-client");
  using stranger = new KubeClient(
    connectionTo(server.url, { tls: new TlsMaterial({ caCerts }) }),
  );
  await rejection(stranger.request({ method: "POST", path: "/x" }), TransportError);
});

Deno.test("a client that is closed opens new connections when it is used again", async () => {
  await using server = new ScriptedServer(TLS.server).answer(json(1), json(2));
  const tls = new TlsMaterial({ caCerts });
  using client = new KubeClient(connectionTo(`https://${server.address}`, { tls }));
  assert.equal(await client.request({ path: "/x" }), 1);
  client.close();
  assert.equal(await client.request({ path: "/x" }), 2);
});

Deno.test("a client leaves a connection on which a deadline has passed", async () => {
  const used = new Set<Deno.HttpClient | undefined>();
  const fetch: FetchLike = (_url, { client, signal }) => {
    used.add(client);
    return new Promise((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason))
    );
  };
  using client = new KubeClient(connectionTo("https://127.0.0.1"), {
    fetch,
    timeoutMs: 5,
  });
  for (let i = 0; i < 2; i++) {
    const error = await rejection(client.request({ path: "/x" }), TransportError);
    assert.equal(error.timedOut, true);
  }
  await rejection(client.stream({ path: "/x" }), TransportError);
  assert.equal(used.size, 3);
});

Deno.test("a client throws a ConfigError that names the connection when its certificates are wrong", async () => {
  const tls = new TlsMaterial({ cert: "no", key: "certificate" });
  using client = new KubeClient(connectionTo("https://127.0.0.1", { tls }));
  const error = await rejection(client.request({ path: "/x" }), ConfigError);
  assert.match(error.message, /^Cannot use the certificates of a test: /);
});

Deno.test("TLS material shows no key when it is printed", () => {
  const text = Deno.inspect(new TlsMaterial({ caCerts, ...TLS.client }), { showHidden: true });
  assert.equal(text, "TlsMaterial { caCerts: 1, clientCertificate: true }");
});
