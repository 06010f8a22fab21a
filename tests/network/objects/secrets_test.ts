/** The two Secrets of a network. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { credentialsOf } from "../../../lib/network/credentials.ts";
import { configSecretOf, rpcSecretOf } from "../../../lib/network/objects/secrets.ts";
import { OWNER } from "../_samples.ts";

Deno.test("configSecretOf() holds bitcoin.conf as UTF-8", () => {
  const secret = configSecretOf(OWNER, "uacomment=ü\n");
  assert.equal(secret.metadata?.name, "net-conf");
  const [[key, data] = ["", ""], ...others] = Object.entries(secret.data ?? {});
  assert.deepEqual([key, others], ["bitcoin.conf", []]);
  assert.equal(Buffer.from(data, "base64").toString(), "uacomment=ü\n");
});

Deno.test("rpcSecretOf() holds what credentialsOf() reads from it", () => {
  const credentials = { user: "bitcoin", password: "pass", salt: "abc" };
  const secret = rpcSecretOf(OWNER, credentials);
  assert.equal(secret.metadata?.name, "net-rpc");
  assert.equal(secret.metadata?.ownerReferences?.[0]?.uid, "uid-net");
  assert.deepEqual(credentialsOf(secret, "another-uid"), credentials);
});
