import assert from "node:assert/strict";

import { escapeHeaderName, impersonationHeaders, KubeClient } from "../../lib/kube/mod.ts";
import { RawServer } from "../support/scripted_server.ts";
import { connectionTo } from "./_support.ts";

Deno.test("escapeHeaderName() escapes as client-go does", () => {
  assert.equal(escapeHeaderName("scopes"), "scopes");
  assert.equal(escapeHeaderName("example.com/scopes"), "example.com%2Fscopes");
  assert.equal(escapeHeaderName("100%"), "100%25");
  assert.equal(escapeHeaderName("a b:c"), "a%20b%3Ac");
  assert.equal(escapeHeaderName("ü"), "%C3%BC");
});

Deno.test("impersonationHeaders() says nothing of what is not told", () => {
  assert.deepEqual(impersonationHeaders({ user: "u" }), [["Impersonate-User", "u"]]);
});

Deno.test("a client sends each group in a header of its own", async () => {
  let head = "";
  await using server = new RawServer(async (connection, first) => {
    head = new TextDecoder().decode(first);
    await connection.write(new TextEncoder().encode("HTTP/1.1 204 No Content\r\n\r\n"));
  });
  const impersonation = { user: "u", groups: ["one", "two"] };
  await new KubeClient(connectionTo(server.url, { impersonation })).request({ path: "/x" });
  assert.deepEqual(head.match(/^impersonate-group: .*$/gim), [
    "impersonate-group: one",
    "impersonate-group: two",
  ]);
});
