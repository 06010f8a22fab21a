import assert from "node:assert/strict";

import { parseElf } from "../../tasks/_elf.ts";
import { collectLibraries, librariesOf, platformOf } from "../../tasks/_libraries.ts";
import { toolTest } from "../support/tools.ts";

toolTest(["ldd"], "librariesOf() finds what ldd finds", async (ldd) => {
  const program = Deno.execPath();
  const { stdout } = await new Deno.Command(ldd, { args: [program] }).output();
  // `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)`, the loader by its path alone, and the kernel's own as no file.
  const listed = [...new TextDecoder().decode(stdout).matchAll(/(\/\S+) \(0x/g)];
  const expected = listed.map(([, path]) => path).sort();
  assert.ok(expected.length > 3, "ldd lists nothing");
  const found = await librariesOf(parseElf(await Deno.readFile(program)));
  assert.deepEqual(found.map(({ path }) => path).sort(), expected);
});

Deno.test("librariesOf() names a library that is not on this machine", async () => {
  const program = { machine: 62, interpreter: undefined, needed: ["libnowhere.so.1"] };
  await assert.rejects(
    librariesOf(program),
    /^Error: Cannot find library 'libnowhere\.so\.1' for linux\/amd64: it is not in .*\/lib64/,
  );
});

Deno.test("librariesOf() finds nothing for a program that is linked statically", async () => {
  assert.deepEqual(await librariesOf({ machine: 62, interpreter: undefined, needed: [] }), []);
});

Deno.test("platformOf() says the platform as container engines do, and does not guess", () => {
  const program = { interpreter: undefined, needed: [] };
  assert.equal(platformOf({ ...program, machine: 62 }), "linux/amd64");
  assert.equal(platformOf({ ...program, machine: 183 }), "linux/arm64");
  assert.throws(() => platformOf({ ...program, machine: 8 }), /machine 8 is not known/);
});

Deno.test("parseElf() refuses what is no ELF file, and one that is cut off", async () => {
  assert.throws(() => parseElf(new TextEncoder().encode("#!/bin/sh\n")), SyntaxError);
  const whole = await Deno.readFile(Deno.execPath());
  assert.throws(() => parseElf(whole.subarray(0, 100)), RangeError);
  assert.throws(() => parseElf(whole.subarray(0, 4096)), RangeError);
});

Deno.test("collectLibraries() leaves no folder of an earlier build for a program of another system", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/rootfs/lib`, { recursive: true });
    await Deno.writeTextFile(`${folder}/program`, "\xcf\xfa\xed\xfe");
    const said: string[] = [];
    await collectLibraries(`${folder}/program`, `${folder}/rootfs`, (line) => said.push(line));
    assert.match(said.join("\n"), /rootfs: not made, .* is no program for 64-bit Linux$/);
    await assert.rejects(Deno.stat(`${folder}/rootfs`), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
