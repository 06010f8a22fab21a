/** The Secret with the credentials: missing, invalid, mended, deleted, changed. */

import assert from "node:assert/strict";
import { SECRETS, STATEFUL_SETS } from "../../lib/kube/mod.ts";
import { Rig } from "./_rig.ts";

const USER = btoa("me");
const PASSWORD = btoa("secret");
const SECRET_CASES: [what: string, data: Record<string, string> | undefined, reason: string][] = [
  ["is missing", undefined, "SecretMissing"],
  ["is empty", {}, "SecretInvalid"],
  ["lacks the user", { BC_RPC_PASSWORD: PASSWORD }, "SecretInvalid"],
  ["lacks the password", { BC_RPC_USER: USER }, "SecretInvalid"],
  ["has an empty password", { BC_RPC_USER: USER, BC_RPC_PASSWORD: "" }, "SecretInvalid"],
];

for (const [what, data, reason] of SECRET_CASES) {
  Deno.test(`reconcile() waits when the Secret ${what}, makes up no password, and goes on when it is there`, async () => {
    await using rig = new Rig();
    if (data) rig.cluster.put(SECRETS, { metadata: { name: "mine" }, data });
    rig.wish({ secret: "mine" });
    await rig.runOften();
    assert.equal(rig.condition("Stalled"), `True/${reason}`);
    assert.equal(rig.count(`Warning ${reason}`), 1);
    assert.equal(rig.cluster.find(STATEFUL_SETS, "net-sts"), undefined);
    assert.equal(rig.cluster.find(SECRETS, "net-conf"), undefined);
    assert.equal(rig.cluster.find(SECRETS, "net-rpc"), undefined);
    assert.equal(rig.count("Normal CreatedService"), 1, "what was done before is told");

    const good = { BC_RPC_USER: USER, BC_RPC_PASSWORD: PASSWORD };
    const secret = rig.cluster.put(SECRETS, { metadata: { name: "mine" }, data: good });
    await rig.live(60_000);
    assert.equal(rig.condition("Ready"), "True/Ready");
    assert.equal(rig.condition("Stalled"), "");
    assert.deepEqual(
      rig.cluster.get(SECRETS, "mine"),
      secret,
      "a person's Secret is never written",
    );
    assert.equal(rig.cluster.find(SECRETS, "net-rpc"), undefined);
    const conf = atob(rig.cluster.get(SECRETS, "net-conf").data?.["bitcoin.conf"] ?? "");
    assert.match(conf, /^rpcauth=me:/m);
    assert.doesNotMatch(conf, /secret/);
  });
}

Deno.test("reconcile() blames the Secret that was deleted under a running network, and no connection", async () => {
  await using rig = new Rig();
  rig.cluster.put(SECRETS, {
    metadata: { name: "mine" },
    data: { BC_RPC_USER: USER, BC_RPC_PASSWORD: PASSWORD },
  });
  await rig.settled({ secret: "mine" });
  rig.cluster.remove(SECRETS, "mine");
  await rig.live(45_000);
  assert.equal(rig.condition("Stalled"), "True/SecretMissing");
  assert.deepEqual(rig.events, ["Warning SecretMissing"]);
  assert.equal(rig.of().model.parts(3).length, 1, "the nodes go on");
});

Deno.test("reconcile() takes new credentials over, and rolls the pods for them", async () => {
  await using rig = new Rig();
  const name = "mine";
  rig.cluster.put(SECRETS, {
    metadata: { name },
    data: { BC_RPC_USER: USER, BC_RPC_PASSWORD: PASSWORD },
  });
  await rig.settled({ secret: name });
  const hash = (): unknown =>
    rig.cluster.get(STATEFUL_SETS, "net-sts").spec?.template.metadata?.annotations;
  const before = hash();
  rig.cluster.put(SECRETS, {
    metadata: { name },
    data: { BC_RPC_USER: USER, BC_RPC_PASSWORD: btoa("new") },
  });
  await rig.live(60_000);
  assert.notDeepEqual(hash(), before);
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.equal(rig.count("Normal RolledOut"), 1);
  assert.equal(rig.count("Normal Repaired"), 0, "a change that was wanted is no repair");
});

Deno.test("reconcile() takes a Secret that was mended at once", async () => {
  await using rig = new Rig();
  rig.cluster.put(SECRETS, { metadata: { name: "mine" }, data: { BC_RPC_USER: USER } });
  rig.wish({ secret: "mine" });
  await rig.run();
  assert.equal(rig.condition("Stalled"), "True/SecretInvalid");
  const data = { BC_RPC_USER: USER, BC_RPC_PASSWORD: PASSWORD };
  rig.cluster.put(SECRETS, { metadata: { name: "mine" }, data });
  await rig.run();
  assert.equal(rig.condition("Stalled"), "");
});
