import assert from "node:assert/strict";
import { ContainerFiles } from "../../../lib/embedded/bitcoin/container_files.ts";
import { containerFolder } from "./_container.ts";

const MOUNTS = [
  { containerPath: "/data", hostPath: "/host/data" },
  { containerPath: "/data/blocks/", hostPath: "/host/blocks" },
  { containerPath: "/bitcoin.conf", hostPath: "/host/conf" },
];

const PATHS: readonly [path: string, hostPath: string][] = [
  ["/data", "/host/data"],
  ["/data/", "/host/data"],
  ["/data/regtest/x", "/host/data/regtest/x"],
  ["/data/blocks", "/host/blocks"],
  ["/data/blocks/1", "/host/blocks/1"],
  ["/database", "/own/root/database"],
  ["/bitcoin.conf", "/host/conf"],
  ["/data/..x", "/host/data/..x"],
  ["/data/../bitcoin.conf", "/host/conf"],
  ["/../../etc/passwd", "/own/root/etc/passwd"],
];

for (const [path, hostPath] of PATHS) {
  Deno.test(`ContainerFiles.hostPath() is ${hostPath} for ${path}`, () => {
    const files = new ContainerFiles({ mounts: MOUNTS, hostDir: "/own" });
    assert.equal(files.hostPath(path), hostPath);
  });
}

Deno.test("ContainerFiles.read() and isFolder() see what is mounted, and nothing else", async () => {
  await using container = await containerFolder("text");
  const files = new ContainerFiles(container.config);
  assert.equal(await files.read("/bitcoin.conf"), "text");
  assert.equal(await files.read("/nosuch"), undefined);
  assert.equal(await files.read("/data"), undefined);
  assert.equal(await files.isFolder("/data"), true);
  assert.equal(await files.isFolder("/bitcoin.conf"), false);
  assert.equal(await files.isFolder("/tmp"), false);
});
