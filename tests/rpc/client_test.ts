import assert from "node:assert/strict";
import {
  addNode,
  GET_BLOCKCHAIN_INFO,
  GET_NETWORK_INFO,
  GET_PEER_INFO,
  RpcClient,
  type RpcClientOptions,
  RpcError,
  RpcTransportError,
  type RpcTransportErrorKind,
} from "../../lib/rpc/mod.ts";
import { startBitcoind } from "../support/bitcoind.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { json, RawServer, ScriptedServer } from "../support/scripted_server.ts";
import { toolTest } from "../support/tools.ts";
import { ERRORS, RESULTS } from "./_fixtures.ts";

const HEADERS = { "content-type": "application/json" };

function clientOf(url: string, options: Partial<RpcClientOptions> = {}): RpcClient {
  return new RpcClient({ url: `${url}/`, username: "user", password: "pässword", ...options });
}

/** A check that an error is of the transport, of one kind, and does not give the password away. */
function transport(kind: RpcTransportErrorKind, status?: number): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof RpcTransportError, String(error));
    assert.deepEqual([error.kind, error.status], [kind, status], error.message);
    assert.doesNotMatch(error.message, /pässword/);
    return true;
  };
}

Deno.test("RpcClient.call() posts one request with credentials in UTF-8 and returns its result", async () => {
  await using server = new ScriptedServer();
  server.answer(json({ jsonrpc: "2.0", result: 7, id: 0 }));
  assert.equal(await clientOf(server.url).call("getblockhash", [7]), 7);
  const [request] = server.requests;
  assert.equal(request?.method, "POST");
  assert.equal(request.headers.get("content-type"), "application/json");
  const [scheme, credentials = ""] = request.headers.get("authorization")?.split(" ") ?? [];
  const bytes = Uint8Array.from(atob(credentials), (char) => char.charCodeAt(0));
  assert.deepEqual([scheme, new TextDecoder().decode(bytes)], ["Basic", "user:pässword"]);
  assert.deepEqual(request.body, { jsonrpc: "2.0", id: 0, method: "getblockhash", params: [7] });
});

for (const [name, { http, body }] of Object.entries(ERRORS)) {
  if (name === "bad_auth" || name === "batch_mixed") continue;
  Deno.test(`RpcClient.call() throws an RpcError for the captured '${name}' with HTTP ${http}`, async () => {
    await using server = new ScriptedServer();
    server.answer(new Response(body, { status: http, headers: HEADERS }));
    await assert.rejects(clientOf(server.url).call("m"), (error) => {
      assert.ok(error instanceof RpcError);
      assert.equal(error.code, JSON.parse(body).error.code);
      return true;
    });
  });
}

const ANSWERS: readonly [
  what: string,
  body: string,
  status: number,
  kind: RpcTransportErrorKind,
][] = [
  ["wrong credentials", ERRORS.bad_auth.body, ERRORS.bad_auth.http, "unauthorized"],
  ["an address that is not allowed", "", 403, "forbidden"],
  ["a full work queue", "Work queue depth exceeded", 503, "overloaded"],
  ["a wrong path", "", 404, "malformed"],
  ["an empty success", "", 200, "malformed"],
  ["a page of somebody else", "<html>It works!</html>", 200, "malformed"],
  ["broken JSON", '{"result": 7', 200, "malformed"],
  ["an object that is no response", "{}", 200, "malformed"],
];

for (const [what, body, status, kind] of ANSWERS) {
  Deno.test(`RpcClient.call() says '${kind}' for ${what} (HTTP ${status})`, async () => {
    await using server = new ScriptedServer();
    server.answer(new Response(body, { status }));
    const expected = body === "{}" ? transport(kind) : transport(kind, status);
    await assert.rejects(clientOf(server.url).call("getpeerinfo"), expected);
  });
}

Deno.test("RpcClient.call() quotes the beginning of an answer that is no JSON", async () => {
  await using server = new ScriptedServer();
  server.answer(new Response(`Work queue depth exceeded${".".repeat(1000)}`, { status: 503 }));
  await assert.rejects(
    clientOf(server.url).call("uptime"),
    /^RpcTransportError: Cannot call uptime at http:\S+: it has too much to do \(HTTP 503\): 'Work queue depth exceeded\.{175}'$/,
  );
});

Deno.test("RpcClient.call() follows no redirection", async () => {
  await using server = new ScriptedServer();
  server.answer(new Response(null, { status: 302, headers: { location: "/elsewhere" } }));
  await assert.rejects(clientOf(server.url).call("uptime"), transport("malformed", 302));
  assert.deepEqual(server.asked, ["POST /"]);
});

Deno.test("RpcClient.call() says 'unreachable' when nobody listens, and keeps the cause", async () => {
  const server = new ScriptedServer();
  await server[Symbol.asyncDispose]();
  await assert.rejects(clientOf(server.url).call("uptime"), (error) => {
    assert.ok(error instanceof RpcTransportError && error.cause instanceof Error);
    assert.match(String(error), /refused/i);
    return transport("unreachable")(error);
  });
});

Deno.test("RpcClient.call() says 'unreachable' when the connection breaks before the answer", async () => {
  await using server = new RawServer();
  await assert.rejects(clientOf(server.url).call("uptime"), transport("unreachable"));
});

Deno.test("RpcClient.call() says 'unreachable' when the connection breaks within the answer", async () => {
  const part = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{";
  await using server = new RawServer((connection) =>
    connection.write(new TextEncoder().encode(part))
  );
  await assert.rejects(clientOf(server.url).call("uptime"), transport("unreachable"));
});

/** A server that accepts a request and never answers. */
class HungServer implements AsyncDisposable {
  readonly #asked = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<void>();
  readonly #server = new RawServer(async () => {
    this.#asked.resolve();
    await this.#end.promise;
  });

  /** Resolves when there is a request. */
  readonly asked = this.#asked.promise;

  get url(): string {
    return this.#server.url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.resolve();
    await this.#server[Symbol.asyncDispose]();
  }
}

Deno.test("RpcClient.call() says 'timeout' when a server hangs for as long as the client waits", async () => {
  await using server = new HungServer();
  const clock = new FakeClock();
  const call = clientOf(server.url, { clock, timeoutMs: 300 }).call("uptime");
  const rejected = assert.rejects(call, transport("timeout"));
  await server.asked;
  await clock.advance(300);
  await rejected;
  assert.equal(clock.sleeping, 0);
});

Deno.test("RpcClient.call() gives up after 5 seconds unless it is told otherwise", async () => {
  await using server = new HungServer();
  const clock = new FakeClock();
  let ended = false;
  const call = clientOf(server.url, { clock }).call("uptime").finally(() => ended = true);
  const rejected = assert.rejects(call, transport("timeout"));
  await server.asked;
  await clock.advance(4999);
  assert.equal(ended, false);
  await clock.advance(1);
  await rejected;
});

Deno.test("RpcClient.call() waits as long as one call asks for", async () => {
  await using server = new HungServer();
  const clock = new FakeClock();
  const options = { timeoutMs: 15 };
  const call = clientOf(server.url, { clock, timeoutMs: 300 }).call("uptime", [], options);
  const rejected = assert.rejects(call, transport("timeout"));
  await server.asked;
  await clock.advance(15);
  await rejected;
});

Deno.test("RpcClient.call() throws the reason of its signal, before the call and during it", async () => {
  await using server = new HungServer();
  const stop = new AbortController();
  const reason = new Error("shutdown");
  const client = clientOf(server.url);
  const call = client.call("uptime", [], { signal: stop.signal });
  const rejected = assert.rejects(call, (error) => error === reason);
  await server.asked;
  stop.abort(reason);
  await rejected;
  await assert.rejects(
    client.call("uptime", [], { signal: stop.signal }),
    (error) => error === reason,
  );
});

Deno.test("RpcClient.batch() sends nothing for no calls", async () => {
  await using server = new ScriptedServer();
  assert.deepEqual(await clientOf(server.url).batch([]), []);
  assert.deepEqual(server.requests, []);
});

Deno.test("RpcClient.batch() makes one request of all calls and tells how each ended", async () => {
  await using server = new ScriptedServer();
  const captured = JSON.parse(ERRORS.batch_mixed.body);
  server.answer(json([{ jsonrpc: "2.0", result: 3, id: 0 }, ...captured.toReversed()]));
  const outcomes = await clientOf(server.url).batch([
    { method: "getblockcount" },
    { method: "uptime" },
    { method: "nosuch" },
  ]);
  assert.deepEqual(outcomes.map((outcome) => outcome.error ? outcome.error.name : outcome.result), [
    3,
    7,
    "RpcError",
  ]);
  assert.equal(server.requests.length, 1);
});

Deno.test("RpcClient.batch() throws when there is no answer for any call", async () => {
  await using server = new ScriptedServer();
  server.answer(new Response("", { status: 401 }), new Response("{}"));
  const client = clientOf(server.url);
  await assert.rejects(client.batch([{ method: "uptime" }]), transport("unauthorized", 401));
  await assert.rejects(client.batch([{ method: "uptime" }]), transport("malformed"));
});

Deno.test("RpcClient.typedBatch() returns checked results, and an error for the call whose result has another shape", async () => {
  await using server = new ScriptedServer();
  server.answer(json([
    { result: RESULTS.getblockchaininfo, error: null, id: 0 },
    { result: { version: "30" }, error: null, id: 1 },
    { result: RESULTS.getpeerinfo, error: null, id: 2 },
    { result: null, error: { code: -23, message: "Error: Node already added" }, id: 3 },
  ]));
  const [chain, network, peers, added] = await clientOf(server.url).typedBatch([
    GET_BLOCKCHAIN_INFO,
    GET_NETWORK_INFO,
    GET_PEER_INFO,
    addNode("127.0.0.2:18444", "add"),
  ]);
  assert.equal(chain.error ?? chain.result.blocks, 101);
  assert.match(network.error?.message ?? "", /getnetworkinfo/);
  assert.equal(peers.error ?? peers.result[0]?.subver, "/Satoshi:30.99.0/");
  assert.ok(added.error instanceof RpcError && added.error.isNodeAlreadyAdded);
});

Deno.test("RpcClient's methods send their arguments by position", async () => {
  await using server = new ScriptedServer();
  for (const result of [null, null, ["aa"], ["bb"]]) server.answer(json({ result, error: null }));
  const client = clientOf(server.url);
  await client.addNode("a:1", "onetry");
  await client.disconnectNode(3);
  assert.deepEqual(await client.generateToDescriptor(1, "raw(51)"), ["aa"]);
  assert.deepEqual(await client.generateToAddress(2, "bcrt1q"), ["bb"]);
  const sent = server.requests.map(({ body }) => JSON.stringify(body).replace(/^.*?"method":/, ""));
  assert.deepEqual(sent, [
    '"addnode","params":["a:1","onetry"]}',
    '"disconnectnode","params":["",3]}',
    '"generatetodescriptor","params":[1,"raw(51)"]}',
    '"generatetoaddress","params":[2,"bcrt1q"]}',
  ]);
});

toolTest(
  ["bitcoind"],
  "RpcClient's methods and their results are those of a real bitcoind",
  async (program) => {
    await using node = await startBitcoind({ program, args: ["-uacomment=net-0"] });
    const client = node.rpc;
    const chain = await client.getBlockchainInfo();
    assert.deepEqual([chain.chain, chain.blocks], ["regtest", 0]);
    assert.match((await client.getNetworkInfo()).subversion, /\(net-0\)/);
    const hashes = await client.generateToDescriptor(2, "raw(51)#8lvh9jxk");
    const address = "bcrt1qs758ursh4q9z627kt3pp5yysm78ddny6txaqgw";
    const [tip] = await client.generateToAddress(1, address);
    assert.equal(hashes.length, 2);
    await client.addNode("127.0.0.1:1", "add");
    await assert.rejects(
      client.addNode("127.0.0.1:1", "add"),
      (error) => error instanceof RpcError && error.isNodeAlreadyAdded,
    );
    const [now, peers, added, gone, unknown] = await client.typedBatch([
      GET_BLOCKCHAIN_INFO,
      GET_PEER_INFO,
      addNode("127.0.0.1:1", "remove"),
      addNode("127.0.0.1:1", "remove"),
      { method: "nosuch", read: String },
    ]);
    assert.equal(now.error ?? now.result.bestblockhash, tip);
    assert.deepEqual([peers, added], [{ result: [] }, { result: null }]);
    assert.ok(gone.error instanceof RpcError && gone.error.isNodeNotAdded);
    assert.ok(unknown.error instanceof RpcError && unknown.error.isMethodNotFound);
    await assert.rejects(
      client.disconnectNode(7),
      (error) => error instanceof RpcError && error.isNodeNotConnected,
    );
    assert.deepEqual(await client.getAddedNodeInfo(), []);
  },
);
