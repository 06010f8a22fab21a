import assert from "node:assert/strict";

import { ENGINES, findEngine } from "../../tasks/_engines.ts";
import type { Ran } from "../../tasks/_program.ts";

/** A machine on which some programs are installed. */
function machine(installed: Readonly<Record<string, Ran>>) {
  return ([program = ""]: readonly string[]): Promise<Ran> =>
    Promise.resolve(installed[program] ?? MISSING);
}

const WORKS: Ran = { ok: true, code: 0, stdout: "1.0\n", stderr: "" };
const MISSING: Ran = { ok: false, code: 127, stdout: "", stderr: "docker: not found" };
const NO_DAEMON: Ran = {
  ok: false,
  code: 1,
  stdout: "Client: 28\n",
  stderr: "Cannot connect to the Docker daemon\n",
};

Deno.test("findEngine() takes the first engine that can be used: docker without its daemon cannot", async () => {
  const find = async (installed: Readonly<Record<string, Ran>>, wanted?: string) =>
    (await findEngine(machine(installed), wanted)).name;
  assert.equal(await find({ docker: WORKS, podman: WORKS, buildah: WORKS }), "docker");
  assert.equal(await find({ docker: NO_DAEMON, buildah: WORKS }), "buildah");
  assert.equal(await find({ docker: WORKS, podman: WORKS }, "podman"), "podman");
});

Deno.test("findEngine() says what each engine lacks, and what to install", async () => {
  await assert.rejects(findEngine(machine({ docker: NO_DAEMON })), (error: Error) => {
    assert.match(error.message, /^ {2}docker: Cannot connect to the Docker daemon$/m);
    assert.match(error.message, /^ {2}podman: not found$/m);
    assert.match(error.message, /apt-get install buildah/);
    return true;
  });
  await assert.rejects(findEngine(machine({ docker: WORKS }), "podman"), /podman: not found/);
});

Deno.test("an image has its name, platform and labels from every engine, and the date of the commit", () => {
  const request = { name: "a:1", platform: "linux/arm64", labels: { "b.c": "d" } };
  for (const { name, commands } of ENGINES) {
    const build = commands.build({ ...request, epochSeconds: "7" }, "recipe", "folder");
    for (const flag of ["--file=recipe", "--tag=a:1", "--platform=linux/arm64", "--label=b.c=d"]) {
      assert.ok(build.includes(flag), `${name}: ${build.join(" ")}`);
    }
    assert.equal(build.at(-1), "folder");
    // docker's builder reads SOURCE_DATE_EPOCH itself.
    assert.equal(build.includes("--timestamp=7"), name !== "docker");
    assert.ok(!commands.build(request, "recipe", "folder").join().includes("--timestamp"));
  }
});
