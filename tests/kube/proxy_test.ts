import assert from "node:assert/strict";

import { KubeClient, ProxyServer, TlsMaterial, TransportError } from "../../lib/kube/mod.ts";
import { json, RawServer, ScriptedServer } from "../support/scripted_server.ts";
import { connectionTo, rejection } from "./_support.ts";
import { TLS } from "./_tls_files.ts";

const text = new TextDecoder();
const bytes = new TextEncoder();

/** Connects both ends until one hangs up; the near one stays for the server that accepted it to close. */
async function join(near: Deno.TcpConn, port: number): Promise<void> {
  using far = await Deno.connect({ hostname: "127.0.0.1", port });
  await Promise.race([copy(near, far), copy(far, near)]);
}

async function copy(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(16_384);
  try {
    for (let size = await from.read(buffer); size; size = await from.read(buffer)) {
      for (let sent = 0; sent < size;) sent += await to.write(buffer.subarray(sent, size));
    }
  } catch {
    // The other direction has ended, and with it the connections.
  }
}

function portOf(address: string): number {
  return Number(address.split(":")[1]);
}

Deno.test("a client reaches an HTTPS server through a proxy that wants a password", async () => {
  await using server = new ScriptedServer(TLS.server).answer(json({ ok: true }));
  let head = "";
  await using proxy = new RawServer(async (connection, first) => {
    head = text.decode(first);
    await connection.write(bytes.encode("HTTP/1.1 200 OK\r\n\r\n"));
    await join(connection, portOf(server.address));
  });
  const url = proxy.url.replace("//", "//us%3Aer:p%40ss@");
  {
    using client = new KubeClient(connectionTo(`https://${server.address}`, {
      tls: new TlsMaterial({ caCerts: [TLS.ca] }),
      proxy: new ProxyServer(url),
    }));
    assert.deepEqual(await client.request({ path: "/x" }), { ok: true });
  }
  assert.match(head, new RegExp(`^CONNECT ${server.address} HTTP/1.1`));
  assert.ok(
    head.toLowerCase().includes(`proxy-authorization: basic ${btoa("us:er:p@ss")}`.toLowerCase()),
  );
});

Deno.test("a client reaches a server of plain HTTP through a proxy", async () => {
  let head = "";
  await using proxy = new RawServer(async (connection, first) => {
    head = text.decode(first);
    await connection.write(bytes.encode("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
  });
  using client = new KubeClient(
    connectionTo("http://server.example", { proxy: new ProxyServer(proxy.url) }),
  );
  assert.equal(await client.request({ path: "/x" }), "ok");
  assert.match(head, /^GET http:\/\/server\.example\/x HTTP\/1\.1/);
});

Deno.test("a client reaches a server through a SOCKS5 proxy, which looks up its name", async () => {
  await using server = new ScriptedServer().answer(json({ ok: true }));
  let asked = "";
  await using proxy = new RawServer(async (connection) => {
    await connection.write(new Uint8Array([5, 0]));
    const request = new Uint8Array(300);
    const size = await connection.read(request) ?? 0;
    asked = text.decode(request.subarray(5, size - 2));
    await connection.write(new Uint8Array([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
    await join(connection, portOf(server.address));
  });
  {
    using client = new KubeClient(connectionTo("http://server.example", {
      proxy: new ProxyServer(proxy.url.replace("http:", "socks5:")),
    }));
    assert.deepEqual(await client.request({ path: "/x" }), { ok: true });
  }
  assert.equal(asked, "server.example");
});

Deno.test("no message quotes the password of a proxy that is not there", async () => {
  const gone = new RawServer();
  const url = gone.url.replace("//", "//hush:hush@");
  await gone[Symbol.asyncDispose]();
  using client = new KubeClient(
    connectionTo("http://server.example", { proxy: new ProxyServer(url) }),
  );
  const error = await rejection(client.request({ method: "POST", path: "/x" }), TransportError);
  assert.doesNotMatch(Deno.inspect([error, client], { depth: 9, showHidden: true }), /hush/);
});

Deno.test("ProxyServer takes a URL of http, https or socks5, and hides who we are", () => {
  const proxy = new ProxyServer("socks5://hush:hu%sh@h:1080/path");
  assert.equal(proxy.url, "socks5://h:1080");
  assert.deepEqual(proxy.forHttpClient(), {
    url: proxy.url,
    basicAuth: { username: "hush", password: "hu%sh" },
  });
  assert.equal(Deno.inspect(proxy), 'ProxyServer { url: "socks5://h:1080", login: true }');
  for (const wrong of ["h:1080", "socks4://h", "", "http://"]) {
    assert.throws(() => new ProxyServer(wrong), TypeError);
  }
});
