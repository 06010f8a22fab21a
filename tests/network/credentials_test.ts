/** Credentials: what a Secret may hold, and what is made. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { credentialsOf, makeCredentials } from "../../lib/network/credentials.ts";

const UID = "11111111-2222-3333-4444-555555555555";

function secretOf(texts: Record<string, string>): Parameters<typeof credentialsOf>[0] {
  const data = Object.entries(texts).map((
    [key, text],
  ) => [key, Buffer.from(text).toString("base64")]);
  return { metadata: { name: "mine" }, data: Object.fromEntries(data) };
}

function problemOf(secret: Parameters<typeof credentialsOf>[0]): string {
  const found = credentialsOf(secret, UID);
  return "problem" in found ? found.problem : "none";
}

Deno.test("credentialsOf() reads user and password, and salts with the network's UID", () => {
  assert.deepEqual(
    credentialsOf(secretOf({ BC_RPC_USER: "usér", BC_RPC_PASSWORD: "päss:#\n$" }), UID),
    { user: "usér", password: "päss:#\n$", salt: "11111111222233334444555555555555" },
  );
});

Deno.test("credentialsOf() takes the salt that is there", () => {
  const secret = secretOf({ BC_RPC_USER: "u", BC_RPC_PASSWORD: "p", BC_RPC_SALT: "abc" });
  assert.deepEqual(credentialsOf(secret, UID), { user: "u", password: "p", salt: "abc" });
});

Deno.test("credentialsOf() names the key that is missing, empty or unfit, and never says a password", () => {
  const password = "the-password";
  const cases: [texts: Record<string, string>, problem: RegExp][] = [
    [{}, /^Secret 'mine' has no key BC_RPC_USER, or it is empty$/],
    [{ BC_RPC_PASSWORD: password }, /no key BC_RPC_USER/],
    [{ BC_RPC_USER: "", BC_RPC_PASSWORD: password }, /no key BC_RPC_USER/],
    [{ BC_RPC_USER: "u" }, /no key BC_RPC_PASSWORD/],
    [{ BC_RPC_USER: "u", BC_RPC_PASSWORD: "" }, /no key BC_RPC_PASSWORD/],
    [{ BC_RPC_USER: "u:v", BC_RPC_PASSWORD: password }, /BC_RPC_USER must not contain/],
    [{ BC_RPC_USER: "u$v", BC_RPC_PASSWORD: password }, /BC_RPC_USER must not contain/],
    [{ BC_RPC_USER: "u#v", BC_RPC_PASSWORD: password }, /BC_RPC_USER must not contain/],
    [{ BC_RPC_USER: "u\n", BC_RPC_PASSWORD: password }, /BC_RPC_USER must not contain/],
    [{ BC_RPC_USER: " u", BC_RPC_PASSWORD: password }, /nor begin or end with a blank/],
    [{ BC_RPC_USER: "u\t", BC_RPC_PASSWORD: password }, /nor begin or end with a blank/],
    [{ BC_RPC_USER: "u", BC_RPC_PASSWORD: password, BC_RPC_SALT: "a$b" }, /BC_RPC_SALT/],
  ];
  for (const [texts, problem] of cases) {
    const found = problemOf(secretOf(texts));
    assert.match(found, problem, JSON.stringify(texts));
    assert.doesNotMatch(found, /the-password/);
  }
  assert.match(problemOf({ metadata: { name: "mine" } }), /no key BC_RPC_USER/);
});

Deno.test("credentialsOf() says so when a value is no text", () => {
  for (const data of ["/w==", "%%%"]) {
    const secret = { metadata: { name: "mine" }, data: { BC_RPC_USER: data } };
    assert.match(problemOf(secret), /BC_RPC_USER is no UTF-8 text/);
  }
});

Deno.test("makeCredentials() makes 32 random bytes of password and 16 of salt, other ones each time", () => {
  const lengths: number[] = [];
  const made = makeCredentials((length) => {
    lengths.push(length);
    return new Uint8Array(length).fill(0xab);
  });
  assert.deepEqual(lengths, [32, 16]);
  assert.deepEqual(made, { user: "bitcoin", password: "ab".repeat(32), salt: "ab".repeat(16) });
  assert.notEqual(makeCredentials().password, makeCredentials().password);
});
