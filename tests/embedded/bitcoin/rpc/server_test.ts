import assert from "node:assert/strict";
import { type RpcServer, serveRpc } from "../../../../lib/embedded/bitcoin/rpc/server.ts";
import { systemClock } from "../../../../lib/time/mod.ts";
import { freeAddress } from "../../../support/bitcoind.ts";
import { eventually } from "../../../support/eventually.ts";

/** A server that can be killed. */
function serve(
  gate: () => Promise<void>,
): RpcServer & { url: string; hostname: string; kill(): void } {
  const killed = new AbortController();
  const hostname = freeAddress();
  const server = serveRpc({
    hostname,
    port: 18443,
    users: { port: 18443, hashes: [], plain: { user: "u", password: "p" } },
    execute: () => Promise.resolve(7),
    gate,
    clock: systemClock,
    killed: killed.signal,
  });
  return { ...server, hostname, url: `http://${hostname}:18443/`, kill: () => killed.abort() };
}

function call(url: string): Promise<Response> {
  const headers = { authorization: `Basic ${btoa("u:p")}` };
  return fetch(url, { method: "POST", headers, body: '{"method":"uptime"}' });
}

Deno.test("RpcServer.close() waits for the answers to the requests that have come in", async () => {
  const opened = Promise.withResolvers<void>();
  let waiting = 0;
  const server = serve(() => (waiting++, opened.promise));
  const response = call(server.url);
  await eventually(() => waiting === 1);
  const closed = server.close();
  opened.resolve();
  assert.equal((await (await response).json()).result, 7);
  await closed;
});

Deno.test("serveRpc() breaks connections off when it is killed", async () => {
  let waiting = 0;
  const server = serve(() => (waiting++, new Promise(() => {})));
  const rejected = assert.rejects(call(server.url), TypeError);
  await eventually(() => waiting === 1);
  server.kill();
  await rejected;
  await server.close();
});

Deno.test("serveRpc() can be killed while it waits for a client that never ends its request", async () => {
  let requests = 0;
  const server = serve(() => (requests++, Promise.resolve()));
  using client = await Deno.connect({ hostname: server.hostname, port: 18443 });
  const head =
    "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic dTpw\r\nContent-Length: 9\r\n\r\n{";
  await client.write(new TextEncoder().encode(head));
  await eventually(() => requests === 1);
  const closed = server.close();
  server.kill();
  await closed;
});
