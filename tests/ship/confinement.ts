/** What the kernel says of a container's process: its user, its rights, its files. */

import assert from "node:assert/strict";
import type { PodSpec } from "kubernetes-types/core/v1.d.ts";
import { output, statusOf } from "./_machine.ts";

/** The mounts that may be written to: the kernel's own and the runtime's, which belong to root or hold no files. */
const WRITABLE = /^\/(dev|proc|sys|run)(\/|$)/;

/** Fails unless a process has no more than the pod allows: all of it is checked, whatever the pod says. */
export async function assertConfined(proc: string, pod: PodSpec): Promise<void> {
  const status = await statusOf(proc);
  const user = `${pod.securityContext?.runAsUser}`;
  assert.notEqual(user, "0");
  for (const name of ["Uid", "Gid"]) {
    assert.equal(status.get(name), [user, user, user, user].join(" "), name);
  }
  for (const name of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) {
    assert.equal(status.get(name), "0000000000000000", name);
  }
  assert.equal(status.get("NoNewPrivs"), "1");
  assert.equal(status.get("Seccomp"), "2", "no filter of system calls");
  const mounts = (await Deno.readTextFile(`${proc}/mountinfo`)).trim().split("\n");
  const writable = mounts.map((line) => line.split(" "))
    .filter(([, , , , , options = ""]) => options.split(",").includes("rw"))
    .map(([, , , , path = ""]) => path);
  assert.deepEqual(writable.filter((path) => !WRITABLE.test(path)), []);
  await assert.rejects(Deno.stat(`${proc}/root/tmp`), Deno.errors.NotFound);
}

/** Fails unless the libraries that a process has mapped are these: none is missing, and none is there for nothing. */
export async function assertOnlyLibraries(
  proc: string,
  libraries: readonly string[],
): Promise<void> {
  const maps = (await Deno.readTextFile(`${proc}/maps`)).split("\n");
  const mapped = maps.map((line) => line.slice(line.indexOf("/"))).filter((path) =>
    /\.so\b/.test(path)
  );
  assert.deepEqual([...new Set(mapped)].sort(), [...libraries].sort());
}

/** The files that `ldd` lists for a program. */
export async function libraryFiles(ldd: string, program: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await output(new Deno.Command(ldd, { args: [program] }));
  assert.equal(code, 0, `${stderr}; run \`deno task build\` first`);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
}
