/**
 * The image, run for real: built by buildah, and run by containerd and runc as the Deployment says, against a real
 * kube-apiserver. `deno task test:ship` runs it, after `deno task build`.
 */

// deno-lint-ignore-file no-console -- what is measured is shown, and never decides

import assert from "node:assert/strict";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { PodSpec } from "kubernetes-types/core/v1.d.ts";
import { DEFAULT_INSTALL, installObjects } from "../../lib/cli/manifests/mod.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { leftOf } from "./_machine.ts";
import { buildImage } from "./built_image.ts";
import { Containerd } from "./containerd.ts";
import { assertConfined, assertOnlyLibraries, libraryFiles } from "./confinement.ts";
import { World } from "./world.ts";

const NAME = "the image on a real control plane, run by containerd and runc";
const TOOLS = ["containerd", "ctr", "unshare", "nsenter", "ldd"];
const OTHER_TOOLS = ["buildah", "runc", "containerd-shim-runc-v2", "mount", "tar"];
const COLD_STARTS = 5;

// runc could do without, but not with a control group for each container.
if (Deno.uid() === 0) controlPlaneSuite([...TOOLS, ...OTHER_TOOLS], NAME, run);
else {
  Deno.test({
    name: `${NAME} [needs root]`,
    ignore: !Deno.env.get("CI"),
    fn: () => Promise.reject(new Error("Cannot run containers: root is needed")),
  });
}

async function run(
  t: Deno.TestContext,
  assets: string,
  [containerdPath = "", ctr = "", unshare = "", nsenter = "", ldd = ""]: readonly string[],
): Promise<void> {
  const pod = podOfDeployment();
  const folder = await Deno.makeTempDir({ prefix: "ship-" });
  const used: string[] = [folder];
  try {
    await using resources = new globalThis.AsyncDisposableStack();
    const image = await buildImage(folder, DEFAULT_INSTALL.image);
    console.log(image.printed.trim());

    await t.step(
      "holds the program, the libraries that ldd lists, a user, and nothing else",
      async () => {
        const libraries = await libraryFiles(ldd, "dist/bitcoin-controller");
        assert.deepEqual(
          image.files.filter((line) => !line.startsWith("d")).sort(),
          [
            "-rw-r--r-- 0/0 etc/passwd",
            "-rwxr-xr-x 0/0 bitcoin-controller",
            ...libraries.map((path) => `-rwxr-xr-x 0/0 ${path.slice(1)}`),
          ].sort(),
        );
      },
    );
    await t.step("says what it is, and runs as the user that the Deployment asks for", () => {
      const { User, Entrypoint, Labels } = image.config.config;
      const { runAsUser, runAsGroup } = pod.securityContext ?? {};
      assert.equal(User, `${runAsUser}:${runAsGroup}`);
      assert.deepEqual(Entrypoint, ["/bitcoin-controller"]);
      assert.equal(Labels?.["org.opencontainers.image.title"], "bitcoin-controller");
      assert.equal(
        DEFAULT_INSTALL.image.split(":")[1],
        Labels?.["org.opencontainers.image.version"],
      );
    });

    await t.step("is the same when it is built again", async () => {
      const again = await Deno.makeTempDir({ prefix: "ship-" });
      try {
        assert.equal((await buildImage(again, DEFAULT_INSTALL.image)).id, image.id);
      } finally {
        await Deno.remove(again, { recursive: true });
      }
    });

    const containerd = resources.use(
      await Containerd.start({ containerd: containerdPath, ctr, unshare, nsenter }),
    );
    used.push(containerd.namespace, containerd.folder);
    await containerd.ctr("images", "import", "--snapshotter=native", image.archive);
    const world = resources.use(await World.start({ assets, containerd, folder, pod }));
    const container = await world.run();

    await t.step("becomes ready and reconciles a network", async () => {
      await world.untilReady();
      await world.lab.create("net", { nodes: 2 });
      await world.lab.untilReady("net", 2);
    });
    await t.step(
      "has no root, no capabilities, no way to write, and maps every library that it has",
      async () => {
        await assertConfined(container.proc, pod);
        await assertOnlyLibraries(
          container.proc,
          await libraryFiles(ldd, "dist/bitcoin-controller"),
        );
      },
    );
    await t.step("takes the new token when the old one is void, and works on", async () => {
      await world.rotateToken();
      await world.lab.networks.scale.mergePatch("net", { spec: { replicas: 3 } });
      await world.lab.untilReady("net", 3);
      await world.untilReady();
    });
    await t.step("stops at SIGTERM within its grace, with exit code 0", async () => {
      const { code, tookMs } = await world.stop(container);
      assert.equal(code, 0, container.log());
      assert.ok(tookMs < (pod.terminationGracePeriodSeconds ?? 30) * 1000, `${tookMs} ms`);
      console.log(`stopped in ${tookMs.toFixed(0)} ms`);
      const last = container.log().trim().split("\n").at(-1) ?? "";
      assert.equal(JSON.parse(last).message, "Stopped");
      for (const token of world.tokens) assert.ok(!container.log().includes(token), "token logged");
    });
    await t.step("asks for its first list soon after its start", async () => {
      const times: number[] = [];
      for (let start = 0; start < COLD_STARTS; start++) times.push(await world.coldStart());
      const sorted = times.sort((a, b) => a - b).map((time) => time.toFixed(0));
      console.log(
        `exec to the first list: ${sorted.join(", ")} ms; p50 ${sorted[COLD_STARTS >> 1]} ms`,
      );
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  await t.step("leaves no process, no mount and no control group", async () => {
    assert.deepEqual(await leftOf(used), []);
  });
}

/** The pod that the Deployment of manifests/install.yaml asks for. */
function podOfDeployment(): PodSpec {
  const deployment = installObjects(DEFAULT_INSTALL, ["deployment"])
    .find(({ kind }) => kind === "Deployment");
  // as: an object of this kind is one.
  const spec = (deployment as Deployment | undefined)?.spec?.template.spec;
  assert.ok(spec, "there is no Deployment");
  return spec;
}
