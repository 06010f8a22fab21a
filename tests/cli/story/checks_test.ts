import assert from "node:assert/strict";
import type { DemoNode } from "../../../lib/cli/demo/demo_network.ts";
import { checkMesh } from "../../../lib/cli/story/checks.ts";
import { RpcClient } from "../../../lib/rpc/mod.ts";

/** A node that has these entries, all connected, and as many inbound links. */
function node(name: string, ip: string, entries: readonly string[]): DemoNode {
  const added = entries.map((addednode) => ({ addednode, connected: true, addresses: [] }));
  const peers = entries.flatMap((addr, index) =>
    [false, true].map((inbound) => ({
      id: 2 * index + Number(inbound),
      addr,
      inbound,
      version: 70016,
      subver: "",
      connection_type: inbound ? "inbound" : "manual",
    }))
  );
  const fetch = (_url: string, { body }: RequestInit): Promise<Response> => {
    const { id, method } = JSON.parse(String(body));
    const result = method === "getpeerinfo" ? peers : added;
    return Promise.resolve(Response.json({ jsonrpc: "2.0", id, result }));
  };
  const rpc = new RpcClient({ url: `http://${ip}/`, username: "u", password: "p", fetch });
  return { name, uid: name, ip, ready: true, rpc };
}

Deno.test("checkMesh() holds when each node lists the others and has two links to each", async () => {
  await checkMesh([
    node("a", "127.0.0.1", ["127.0.0.2:18444"]),
    node("b", "127.0.0.2", ["127.0.0.1:18444"]),
  ]);
});

Deno.test("checkMesh() takes no entry for that of a node whose address is only its beginning", async () => {
  const nodes = [
    node("a", "127.0.0.1", ["127.0.0.2:18444"]),
    node("b", "127.0.0.2", ["127.0.0.10:18444"]),
  ];
  await assert.rejects(checkMesh(nodes), /^NotYet: b does not list a \(127\.0\.0\.1\)$/);
});
