/** The demo on an API server of somebody else's. */

import assert from "node:assert/strict";
import { ApiError, NAMESPACES, NODES } from "../../lib/kube/mod.ts";
import { installDefinition } from "../cluster/install.ts";
import { startCluster } from "../support/cluster.ts";
import { ControlPlane } from "../support/control_plane/mod.ts";
import { startProgram } from "../support/program.ts";
import { controlPlaneSuite } from "../support/tools.ts";

const NAMESPACE = "bitcoin-controller-demo";

async function assertNothingLeft({ client }: ControlPlane): Promise<void> {
  await assert.rejects(
    () => client.resource(NAMESPACES).get(NAMESPACE),
    (error) => error instanceof ApiError && error.isNotFound,
  );
  assert.deepEqual((await client.resource(NODES).list()).items, []);
}

controlPlaneSuite([], "demo --kubeconfig on a real control plane", async (t, assets) => {
  await using plane = await ControlPlane.start({ assets, prepare: installDefinition });
  const args = ["demo", "--kubeconfig", plane.kubeconfig, "--bitcoind", "fake"];

  await t.step("tells the story and leaves nothing behind", async () => {
    await using program = await startProgram([...args, "--story", "--json"]);
    assert.equal(await program.exited, 0, program.stderr() + program.stdout());
    // as: the shape is asserted in the demo's own tests.
    assert.equal((JSON.parse(program.stdout()) as { readonly ok: boolean }).ok, true);
    await program.assertNothingLeft();
    await assertNothingLeft(plane);
  });

  await t.step("shows a network until SIGINT and leaves nothing behind", async () => {
    await using program = await startProgram([...args, "--nodes", "2"]);
    await program.waitFor(/2 of 2 nodes Ready, connections 1\/1/);
    assert.match(program.stdout(), /Try: {2}KUBECONFIG=\S+ kubectl -n bitcoin-controller-demo get/);
    program.kill("SIGINT");
    assert.equal(await program.exited, 0, program.stderr());
    await program.assertNothingLeft();
    await assertNothingLeft(plane);
  });

  await t.step("refuses while its namespace is there", async () => {
    await plane.client.resource(NAMESPACES).create({ metadata: { name: NAMESPACE } });
    await using program = await startProgram(args);
    assert.equal(await program.exited, 1);
    assert.match(program.stderr(), /namespace 'bitcoin-controller-demo' is there already/);
    await plane.client.resource(NAMESPACES).get(NAMESPACE);
  });
});

Deno.test("demo --kubeconfig refuses a cluster with nodes of its own", async () => {
  await using cluster = await startCluster();
  await using program = await startProgram(["demo", "--kubeconfig", cluster.kubeconfig]);
  assert.equal(await program.exited, 1);
  assert.match(program.stderr(), /it has nodes of its own \('embedded'\)/);
});

Deno.test("demo --context needs --kubeconfig", async () => {
  await using program = await startProgram(["demo", "--context", "kind"]);
  assert.equal(await program.exited, 2);
  assert.match(program.stderr(), /option '--context' needs '--kubeconfig'/);
});
