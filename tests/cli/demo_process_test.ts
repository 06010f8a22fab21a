/** The demo as a person runs it: a process with signals, pipes and nothing left behind. */

import assert from "node:assert/strict";
import { KubeClient, loadConnection, SECRETS } from "../../lib/kube/mod.ts";
import { startProgram } from "../support/program.ts";
import { UsedSecrets } from "../support/secrets.ts";
import { toolTest } from "../support/tools.ts";

interface StoryReport {
  readonly ok: boolean;
  readonly steps: readonly { readonly ok: boolean; readonly name: string }[];
}

/** Tells the story to its end and checks what it reports. */
async function tellStory(bitcoind: string): Promise<void> {
  await using program = await startProgram(["demo", "--story", "--json", "--bitcoind", bitcoind]);
  const code = await program.exited;
  assert.equal(code, 0, program.stderr());
  // as: the shape is asserted below.
  const report = JSON.parse(program.stdout()) as StoryReport;
  assert.equal(report.ok, true);
  assert.equal(report.steps.length, 8);
  assert.ok(report.steps.every(({ ok }) => ok));
  await program.assertNothingLeft();
}

Deno.test("demo --story holds with the fake bitcoind", () => tellStory("fake"));

toolTest(
  ["bitcoind", "bitcoin-cli"],
  "demo --story holds with real bitcoind",
  () => tellStory("real"),
);

Deno.test("demo prints plain lines in a pipe and ends with 0 on SIGINT", async () => {
  await using program = await startProgram(["demo", "--nodes", "2", "--bitcoind", "fake"]);
  await program.waitFor(/2 of 2 nodes Ready, connections 1\/1, height [1-9]\d*, Ready/);
  assert.match(program.stdout(), /^Try: {2}KUBECONFIG=\S+ kubectl get btcnet$/m);
  assert.match(program.stdout(), /CreatedStatefulSet/);
  assert.ok(!program.stdout().includes("\x1b"), "no control sequences in a pipe");
  program.kill("SIGINT");
  assert.equal(await program.exited, 0, program.stderr());
  assert.match(program.stdout(), /Stopped after \d+ s\.\n$/);
  await program.assertNothingLeft();
});

/** The secrets of a cluster: the token in its kubeconfig, and what its Secrets hold. */
async function secretsOf(kubeconfig: string): Promise<UsedSecrets> {
  const secrets = new UsedSecrets().addKubeconfig(await Deno.readTextFile(kubeconfig));
  using client = new KubeClient(await loadConnection({ kubeconfig }));
  const { items } = await client.resource(SECRETS).list();
  assert.ok(items.length > 0);
  for (const secret of items) secrets.addObject(secret);
  return secrets;
}

Deno.test("demo writes no secret, even with all that it logs", async () => {
  const args = ["demo", "--nodes", "2", "--bitcoind", "fake", "--log-level", "debug"];
  await using program = await startProgram(args);
  await program.waitFor(/2 of 2 nodes Ready, connections 1\/1/);
  const [, kubeconfig = ""] = /^Try: {2}KUBECONFIG=(\S+) kubectl/m.exec(program.stdout()) ?? [];
  const secrets = await secretsOf(kubeconfig);
  program.kill("SIGINT");
  assert.equal(await program.exited, 0, program.stderr());
  assert.match(program.stderr(), /Acting on a node/);
  secrets.assertNoneIn({ stdout: program.stdout(), stderr: program.stderr() });
});

Deno.test("demo needs no proxy, even where the environment names one", async () => {
  const proxy = "http://127.0.0.1:1";
  await using program = await startProgram(["demo", "--nodes", "2", "--bitcoind", "fake"], {
    HTTP_PROXY: proxy,
    http_proxy: proxy,
  });
  await program.waitFor(/2 of 2 nodes Ready, connections 1\/1/);
  program.kill("SIGINT");
  assert.equal(await program.exited, 0, program.stderr());
  await program.assertNothingLeft();
});

for (const afterMs of [50, 400, 800, 1200, 2000]) {
  Deno.test(`demo leaves nothing behind when SIGTERM comes ${afterMs} ms after its start`, async () => {
    await using program = await startProgram(["demo", "--bitcoind", "fake"]);
    // Not a synchronisation: the moment is the subject.
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    program.kill("SIGTERM");
    const code = await program.exited;
    // 143: before the program could even listen to signals.
    assert.ok([0, 130, 143].includes(code), `exit code ${code}: ${program.stderr()}`);
    assert.doesNotMatch(program.stderr(), /This is a bug/);
    await program.assertNothingLeft();
  });
}

toolTest(
  ["bitcoind"],
  "demo leaves nothing behind when a second SIGINT comes while it stops",
  async () => {
    await using program = await startProgram(["demo", "--nodes", "2", "--bitcoind", "real"]);
    await program.waitFor(/CreatedStatefulSet/);
    program.kill("SIGINT");
    program.kill("SIGINT");
    assert.ok([0, 130].includes(await program.exited), program.stderr());
    await program.assertNothingLeft();
  },
);

Deno.test("demo leaves nothing behind when its terminal is closed", async () => {
  await using program = await startProgram(["demo", "--nodes", "1", "--bitcoind", "fake"]);
  await program.waitFor(/CreatedStatefulSet/);
  program.kill("SIGHUP");
  assert.equal(await program.exited, 0, program.stderr());
  await program.assertNothingLeft();
});

Deno.test("demo --story exits with 130 when it is interrupted", async () => {
  await using program = await startProgram(["demo", "--story", "--bitcoind", "fake"]);
  await program.waitFor(/8 steps/);
  program.kill("SIGINT");
  assert.equal(await program.exited, 130, program.stderr());
  await program.assertNothingLeft();
});

Deno.test("demo exits with 1 and says what to do when there is no real bitcoind", async () => {
  await using program = await startProgram(["demo", "--bitcoind", "real"], {
    PATH: "/nonexistent",
  });
  assert.equal(await program.exited, 1);
  assert.match(program.stderr(), /bitcoind/);
  assert.match(program.stderr(), /PATH|--bitcoind/);
  await program.assertNothingLeft();
});

Deno.test("demo shows what bitcoind said when it ends at once, and goes on", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const broken = `${folder}/bitcoind`;
    await Deno.writeTextFile(broken, "#!/bin/sh\necho 'Error: the disk is on fire' >&2\nexit 1\n", {
      mode: 0o755,
    });
    await Deno.copyFile(broken, `${folder}/bitcoin-cli`);
    await using program = await startProgram(["demo", "--nodes", "1", "--bitcoind", broken]);
    await program.waitFor(/the disk is on fire/);
    program.kill("SIGINT");
    assert.equal(await program.exited, 0);
    await program.assertNothingLeft();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
