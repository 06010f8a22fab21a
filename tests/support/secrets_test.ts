/** A search that finds nothing proves nothing, unless it would have found something. */

import assert from "node:assert/strict";
import { startProgram } from "./program.ts";
import { UsedSecrets, usedSecrets } from "./secrets.ts";

const SECRET = 'a+b/c"d?e&f>g';

const WRITTEN: readonly (readonly [as: string, text: string])[] = [
  ["it is", `user:${SECRET}@host`],
  ["base64", `Authorization: ${btoa(SECRET)}`],
  ["base64 for URLs", btoa(SECRET).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")],
  ["part of a URL", `http://a/token/${encodeURIComponent(SECRET)}/api`],
  ["JSON", JSON.stringify({ said: `'${SECRET}'` })],
];

for (const [as, text] of WRITTEN) {
  Deno.test(`UsedSecrets finds a secret that is written as ${as}`, () => {
    const secrets = new UsedSecrets().add("password", SECRET);
    const output = `first line\nsome ${text} here\nlast line\n`;
    assert.throws(() => secrets.assertNoneIn({ stdout: "nothing", stderr: output }), (error) => {
      assert.ok(error instanceof assert.AssertionError);
      assert.match(String(error.message), /a secret was written/);
      return true;
    });
    const [leak] = secrets.leaksIn({ stderr: output });
    assert.equal(leak?.secret, "password");
    assert.equal(leak?.output, "stderr");
    assert.match(leak?.line ?? "", /^some .*…/);
    assert.ok(!leak?.line.includes(text));
  });
}

Deno.test("UsedSecrets passes outputs that hold none, and fails without a secret to look for", () => {
  new UsedSecrets().add("password", SECRET).assertNoneIn({ stdout: "all is well", stderr: "" });
  assert.throws(() => new UsedSecrets().assertNoneIn({ stdout: "" }), /no secrets were collected/);
});

Deno.test("UsedSecrets refuses a secret that would be found by accident", () => {
  assert.throws(() => new UsedSecrets().add("pin", "1234"), /Cannot look for 'pin'/);
});

Deno.test("UsedSecrets takes what is secret from a Secret", () => {
  const secrets = new UsedSecrets().addObject({
    metadata: { namespace: "default", name: "net-rpc" },
    data: { BC_RPC_USER: btoa("bitcoin-user"), BC_RPC_PASSWORD: btoa("hunter2hunter2") },
    stringData: { rpcauth: "salt$hash-of-it" },
  });
  const found = secrets.leaksIn({ out: "bitcoin-user hunter2hunter2 salt$hash-of-it" });
  assert.deepEqual(found.map(({ secret }) => secret), [
    "BC_RPC_PASSWORD of Secret default/net-rpc",
    "rpcauth of Secret default/net-rpc",
  ]);
});

Deno.test("UsedSecrets takes what is secret from a kubeconfig, in YAML and in JSON", () => {
  const yaml = `
clusters:
- name: demo
  cluster:
    server: http://127.0.0.1:1234/token/token-of-a-path
users:
- name: a
  user:
    token: token-of-a-user
- name: b
  user: 
    password: "password-of-b"
    client-key-data: bGlrZSBhIGtleQ==
`;
  const names = (text: string): string[] =>
    new UsedSecrets().addKubeconfig(text).leaksIn({ text }).map(({ secret }) => secret).toSorted();
  assert.deepEqual([...new Set(names(yaml))], [
    "client-key-data of a kubeconfig",
    "password of a kubeconfig",
    "token in the URL of a kubeconfig",
    "token of a kubeconfig",
  ]);
  const json = JSON.stringify(
    { users: [{ name: "a", user: { token: "token-of-a-user" } }] },
    null,
    2,
  );
  assert.deepEqual([...new Set(names(json))], ["token of a kubeconfig"]);
});

Deno.test("a program that a test has started writes none of the secrets that the test has used", async () => {
  // What `version` says stands for one.
  usedSecrets.add("version", "bitcoin-controller ");
  await assert.rejects(async () => {
    await using program = await startProgram(["version"]);
    await program.exited;
  }, /the program wrote a secret/);
});
