import assert from "node:assert/strict";

import { openHttpsTransport } from "../../lib/kube/_https_transport.ts";
import {
  KubeClient,
  TlsMaterial,
  type TlsMaterialInit,
  TransportError,
} from "../../lib/kube/mod.ts";
import { json, LiveBody, ScriptedServer } from "../support/scripted_server.ts";
import { startMutual } from "./_mutual_server.ts";
import { connectionTo, eventually, rejection } from "./_support.ts";
import { TLS } from "./_tls_files.ts";

const caCerts = [TLS.ca];
const INSECURE = { insecure: true };

function clientOf(server: ScriptedServer, tls: TlsMaterialInit): KubeClient {
  const url = `https://${server.address}`;
  return new KubeClient(connectionTo(url, { tls: new TlsMaterial(tls) }), { timeoutMs: 5000 });
}

Deno.test("a client checks the server's certificate for the name it is given", async () => {
  await using server = new ScriptedServer(TLS.server).answer(json({ ok: true }));
  using client = clientOf(server, { caCerts, serverName: "localhost" });
  assert.deepEqual(await client.request({ path: "/x" }), { ok: true });
});

for (
  const [what, tls] of [
    ["is for another name than the one it is given", { caCerts, serverName: "other.example" }],
    ["is of an authority it does not know, whatever its name", { serverName: "localhost" }],
  ] as const
) {
  Deno.test(`a client refuses a server whose certificate ${what}`, async () => {
    await using server = new ScriptedServer(TLS.server);
    using client = clientOf(server, tls);
    const error = await rejection(client.request({ method: "POST", path: "/x" }), TransportError);
    assert.match(error.message, /certificate/);
    assert.equal(server.requests.length, 0);
  });
}

Deno.test("a client checks the server's certificate for an address that it is given", async () => {
  await using server = new ScriptedServer(TLS.server).answer(json(1));
  using client = clientOf(server, { caCerts, serverName: "127.0.0.1" });
  assert.equal(await client.request({ path: "/x" }), 1);
  using other = clientOf(server, { caCerts, serverName: "10.0.0.1" });
  await rejection(other.request({ method: "POST", path: "/x" }), TransportError);
});

Deno.test("a client shows its certificate also where the server's name is given", async () => {
  await using server = await startMutual();
  const tls = new TlsMaterial({ caCerts, ...TLS.client, serverName: "localhost" });
  using client = new KubeClient(connectionTo(server.url, { tls }));
  assert.equal(await client.request({ path: "/x" }), "test-client");
});

Deno.test("openHttpsTransport() refuses what Deno 2.4 would leave out without a word", () => {
  const open = (more: object) => () =>
    openHttpsTransport("https://h", { rejectUnauthorized: true, ...more }, "2.4.2").close();
  assert.throws(open(TLS.client), {
    name: "ConfigError",
    message: "Cannot use a client certificate together with 'tls-server-name' or " +
      "'insecure-skip-tls-verify': this needs Deno 2.8, and this is 2.4.2",
  });
  assert.throws(open({ servername: "::1" }), /^ConfigError: Cannot use a name .* an address/);
  open({ servername: "localhost" })();
});

Deno.test("an insecure client takes any certificate, and says what it has to", async () => {
  await using server = new ScriptedServer(TLS.server).answer(
    json({ made: true }, { status: 201, headers: { warning: '299 - "old"' } }),
    json({ kind: "Status", code: 404 }, { status: 404 }),
    new Response(null, { status: 204 }),
  );
  using client = clientOf(server, INSECURE);
  const query = { dryRun: "All" };
  assert.deepEqual(
    await client.request({ method: "POST", path: "/a/b", query, body: { text: "jürgen" } }),
    { made: true },
  );
  assert.deepEqual(server.asked, ["POST /a/b?dryRun=All"]);
  assert.deepEqual(server.requests[0]?.body, { text: "jürgen" });
  await assert.rejects(client.request({ path: "/x" }), { status: 404 });
  assert.equal(await client.request({ path: "/x" }), "");
});

Deno.test("an insecure client sends each group of an impersonation by itself", async () => {
  await using server = new ScriptedServer(TLS.server).answer(({ headers }) =>
    json(headers.get("impersonate-group"))
  );
  using client = new KubeClient(connectionTo(`https://${server.address}`, {
    tls: new TlsMaterial(INSECURE),
    impersonation: { user: "u", groups: ["a", "b"] },
  }));
  assert.equal(await client.request({ path: "/x" }), "a, b");
});

Deno.test("an insecure client reads a watch as it comes, also when it is closed on the way, and hangs up", async () => {
  const body = new LiveBody();
  await using server = new ScriptedServer(TLS.server).answer(body.response());
  await body.send("one");
  const client = clientOf(server, INSECURE);
  const reader = (await client.stream({ path: "/x" })).getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  assert.equal(await read(), "one");
  client.close();
  await body.send("two");
  assert.equal(await read(), "two");
  await reader.cancel();
  await body.cancelled;
});

Deno.test("an insecure client can be aborted before the answer and in the middle of a body", async () => {
  const late = Promise.withResolvers<Response>();
  const body = new LiveBody();
  await using server = new ScriptedServer(TLS.server).answer(() => late.promise, body.response());
  using client = clientOf(server, INSECURE);
  for (const count of [1, 2]) {
    const stop = new AbortController();
    const failed = rejection(client.request({ path: "/x", signal: stop.signal }), Error);
    await eventually(() => server.requests.length === count);
    if (count === 2) await body.send("first");
    stop.abort(new Error("enough"));
    assert.equal((await failed).message, "enough");
  }
  late.resolve(json({}));
  await body.cancelled;
});

Deno.test("an insecure client reports a deadline and a server that is not there", async () => {
  const late = Promise.withResolvers<Response>();
  const server = new ScriptedServer(TLS.server).answer(() => late.promise);
  using client = clientOf(server, INSECURE);
  const slow = client.request({ path: "/x", timeoutMs: 100 });
  assert.equal((await rejection(slow, TransportError)).timedOut, true);
  late.resolve(json({}));
  await server[Symbol.asyncDispose]();
  const gone = client.request({ method: "POST", path: "/x" });
  assert.match((await rejection(gone, TransportError)).message, /ECONNREFUSED/);
});

Deno.test("an insecure client reports an answer that breaks off", async () => {
  const body = new LiveBody();
  await using server = new ScriptedServer(TLS.server).answer(body.response());
  using client = clientOf(server, INSECURE);
  const failed = rejection(client.request({ method: "POST", path: "/x" }), TransportError);
  await body.send("first");
  await body.fail(new Error("the server broke"));
  assert.match((await failed).message, /^Cannot POST '\/x': /);
});
