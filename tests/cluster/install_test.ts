/** manifests/install.yaml, as a person applies it to a cluster of theirs: with the stock kubectl and nothing else. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { PODS } from "../../lib/kube/mod.ts";
import { ControlPlane } from "../support/control_plane/mod.ts";
import { eventually, until } from "../support/eventually.ts";
import { openKubectlWith } from "../support/kubectl.ts";
import { controlPlaneSuite } from "../support/tools.ts";

const INSTALL = fileURLToPath(new URL("../../manifests/install.yaml", import.meta.url));
const NAMESPACE = "bitcoin-controller";

controlPlaneSuite(
  ["kubectl"],
  "manifests/install.yaml on a real control plane",
  async (t, assets, [program = ""]) => {
    await using plane = await ControlPlane.start({ assets });
    await using kubectl = await openKubectlWith(
      program,
      await Deno.readTextFile(plane.kubeconfig),
    );
    const apply = (...args: string[]) =>
      kubectl.run(["apply", "--validate=strict", "-f", INSTALL, ...args]);

    await t.step("is accepted, without a warning", async () => {
      const { code, stdout, stderr } = await apply();
      assert.equal(stderr, "");
      assert.equal(code, 0);
      const results = stdout.trim().split("\n").map((line) => line.split(" ").at(-1));
      assert.deepEqual(new Set(results), new Set(["created"]));
    });
    await t.step("changes nothing when it is applied again", async () => {
      const { stdout } = await apply();
      for (const line of stdout.trim().split("\n")) {
        // kubectl replaces the selector of a disruption budget every time, by the same.
        if (!line.startsWith("poddisruptionbudget")) assert.match(line, / unchanged$/);
      }
      const diff = await kubectl.run(["diff", "-f", INSTALL]);
      assert.equal(diff.code, 0, diff.stdout);
      // What a tool like Argo CD does.
      const applied = await apply("--server-side", "--force-conflicts", "--dry-run=server");
      assert.equal(applied.code, 0, applied.stderr);
    });
    await t.step("starts pods that Pod Security admits, and serves networks", async () => {
      const pods = await until(
        plane.client.resource(PODS, NAMESPACE),
        (found) => found.length === 2 && found,
        { what: "two pods of the controller", timeoutMs: 30_000 },
      );
      for (const { spec, metadata } of pods) {
        assert.equal(spec?.serviceAccountName, "bitcoin-controller-sva");
        assert.match(metadata.name, /^bitcoin-controller-/);
      }
      const labels = await kubectl.ok([
        "get",
        "ns",
        NAMESPACE,
        "-o",
        "jsonpath={.metadata.labels}",
      ]);
      assert.equal(JSON.parse(labels)["pod-security.kubernetes.io/enforce"], "restricted");
      await eventually(
        async () => (await kubectl.run(["get", "btcnet", "-A"])).code === 0,
        { what: "the CRD to be served", timeoutMs: 30_000 },
      );
    });
    await t.step(
      "lets who may edit a namespace edit its networks, and who may view it view them",
      async () => {
        const can = async (role: string, ...what: string[]): Promise<boolean> => {
          const as = ["--as", role, "-n", "default"];
          return (await kubectl.run(["auth", "can-i", ...what, ...as])).stdout.startsWith("yes");
        };
        for (const role of ["view", "edit", "admin"]) {
          await kubectl.ok([
            "create",
            "rolebinding",
            role,
            `--clusterrole=${role}`,
            `--user=${role}`,
          ]);
        }
        await eventually(() => can("view", "list", "btcnet"), {
          what: "the roles to be joined",
          timeoutMs: 30_000,
        });
        await eventually(() => can("admin", "create", "btcnet"), { timeoutMs: 30_000 });
        assert.equal(await can("view", "create", "btcnet"), false);
        assert.equal(await can("view", "patch", "btcnet/scale"), false);
        assert.equal(await can("edit", "create", "btcnet"), true);
        assert.equal(await can("edit", "patch", "btcnet", "--subresource=scale"), true);
        assert.equal(await can("edit", "watch", "btcnet"), true);
        assert.equal(await can("admin", "delete", "btcnet"), true);
        assert.equal(await can("admin", "patch", "btcnet", "--subresource=status"), false);
      },
    );
    await t.step("is removed by kubectl delete, with all that it brought", async () => {
      const gone = await kubectl.run(["delete", "--wait=false", "-f", INSTALL]);
      assert.equal(gone.code, 0, gone.stderr);
    });
  },
);
