import assert from "node:assert/strict";

import { ENGINES, findEngine, type Ran } from "../../tasks/_engines.ts";

/** A machine on which some programs are installed. */
function machine(installed: Readonly<Record<string, Ran>>) {
  return (program: string): Promise<Ran> =>
    Promise.resolve(installed[program] ?? { ok: false, text: "not found" });
}

const WORKS: Ran = { ok: true, text: "1.0" };
const NO_DAEMON: Ran = { ok: false, text: "Client: 28\nCannot connect to the Docker daemon" };

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
