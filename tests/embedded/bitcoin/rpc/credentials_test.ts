import assert from "node:assert/strict";
import { isAuthorized } from "../../../../lib/embedded/bitcoin/rpc/credentials.ts";
import { rpcAuth } from "../../../../lib/rpc/mod.ts";

const USERS = {
  port: 1,
  hashes: [await rpcAuth("a", "pä:ss", "01"), await rpcAuth("b", "two", "02")],
  plain: { user: "c", password: "three" },
};

function basic(text: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;
}

const HEADERS: readonly [credentials: string, header: string | null, authorized: boolean][] = [
  ["the first hash", basic("a:pä:ss"), true],
  ["the second hash", basic("b:two"), true],
  ["the plain password", basic("c:three"), true],
  ["another user's password", basic("a:two"), false],
  ["no such user", basic("d:two"), false],
  ["no password", basic("c"), false],
  ["nothing", basic(":"), false],
  ["no header", null, false],
  ["another scheme", "Bearer x", false],
  ["no base64", "Basic ###", false],
];

for (const [what, header, authorized] of HEADERS) {
  Deno.test(`isAuthorized() is ${authorized} for ${what}`, async () => {
    assert.equal(await isAuthorized(header, USERS), authorized);
  });
}

Deno.test("isAuthorized() is false for all where nobody is allowed", async () => {
  const nobody = { port: 1, hashes: [], plain: undefined };
  for (const text of ["a:b", ":", ""]) assert.equal(await isAuthorized(basic(text), nobody), false);
});
