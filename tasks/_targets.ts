/** The platforms that the controller is compiled for, and what can be told of a runtime stub. Pure. */

import { ELF_START } from "./_elf.ts";

/** A platform. */
export interface Target {
  /** As `--target` calls it. */
  readonly name: string;
  /** As Deno calls it. */
  readonly triple: string;
  /** What its programs begin with, and what stands at an offset: the machine. */
  readonly marks: readonly (readonly [offset: number, bytes: readonly number[]])[];
}

/** Where an ELF file names its machine (`e_machine`). */
const ELF_MACHINE = 18;
/** How a Mach-O file of 64 bits begins; its machine (`cputype`) is at offset 4. */
const MACH_O = [0xcf, 0xfa, 0xed, 0xfe];

/** Those that Deno has a runtime for and that the controller is for. */
export const TARGETS: readonly Target[] = [
  {
    name: "linux-x64",
    triple: "x86_64-unknown-linux-gnu",
    marks: [[0, ELF_START], [ELF_MACHINE, [62, 0]]],
  },
  {
    name: "linux-arm64",
    triple: "aarch64-unknown-linux-gnu",
    marks: [[0, ELF_START], [ELF_MACHINE, [183, 0]]],
  },
  { name: "macos-x64", triple: "x86_64-apple-darwin", marks: [[0, MACH_O], [4, [7, 0, 0, 1]]] },
  { name: "macos-arm64", triple: "aarch64-apple-darwin", marks: [[0, MACH_O], [4, [12, 0, 0, 1]]] },
];

/** All names, for people. */
export const TARGET_NAMES: readonly string[] = TARGETS.map(({ name }) => name);

/**
 * The platform to compile for.
 *
 * @param name as in `--target`; this machine's if absent
 * @param host what this machine is, as Deno calls it
 * @throws {RangeError} if the controller is not made for it
 */
export function targetOf(name: string | undefined, host: string): Target {
  const target = TARGETS.find((one) =>
    name === undefined ? one.triple === host : one.name === name
  );
  if (target) return target;
  const known = TARGET_NAMES.join(", ");
  throw new RangeError(
    name === undefined
      ? `Cannot compile for this machine, '${host}': there is no such target; name one by --target: ${known}`
      : `Cannot compile for '${name}': the targets are ${known}`,
  );
}

/** The platform of a program, from how it begins; nothing if it is none of ours. */
export function targetOfProgram(head: Uint8Array): Target | undefined {
  return TARGETS.find(({ marks }) =>
    marks.every(([offset, bytes]) => bytes.every((byte, index) => head[offset + index] === byte))
  );
}

/**
 * What is wrong with a runtime stub for a target; nothing if it will do.
 *
 * @param path where it is, for the message
 * @param head how it begins
 */
export function problemOfStub(path: string, head: Uint8Array, target: Target): string | undefined {
  const found = targetOfProgram(head);
  if (found === target) return undefined;
  return `Cannot compile for ${target.name}: the runtime stub '${path}' in DENORT_BIN is ${
    found ? `for ${found.name}` : "for no target"
  }; name one for ${target.name}, or unset DENORT_BIN to have it downloaded`;
}

/**
 * Why `deno compile` failed, in one line, where that is the stub; nothing if it is something else.
 *
 * @param stderr what it wrote
 */
export function problemOfDownload(stderr: string, target: Target): string | undefined {
  const failed = /error sending request for url \(([^)]*denort[^)]*)\)|([^ ]*denort[^ ]*) - 404/i
    .exec(stderr);
  if (!failed) return undefined;
  return `Cannot compile for ${target.name}: its runtime stub cannot be downloaded from ${
    failed[1] ?? failed[2]
  }; try again with a network, or name a stub of the same Deno in DENORT_BIN`;
}
