/** Finds the shared libraries of a program, and lays them out beside it as the image has them: `dist/rootfs`. */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

import { type ElfFile, isElf, parseElf } from "./_elf.ts";
import { removeIfThere } from "./_files.ts";

/** A library of a program. */
export interface Library {
  /** The file on this machine. */
  readonly source: string;
  /** Where it is in the image: where its loader looks for it. */
  readonly path: string;
}

/** What runs on a machine of this kind. */
interface Machine {
  /** As container engines call it. */
  readonly platform: string;
  /** As Debian and its relatives call the folder of its libraries. */
  readonly triplet: string;
}

/** By `e_machine`: those that Deno compiles for. */
const MACHINES: Readonly<Record<number, Machine>> = {
  62: { platform: "linux/amd64", triplet: "x86_64-linux-gnu" },
  183: { platform: "linux/arm64", triplet: "aarch64-linux-gnu" },
};

/** The user of the image: no shell, no home, and no right that counts. */
const PASSWD = "nonroot:x:65532:65532:nonroot:/:/sbin/nologin\n";

/** The program in the image. */
export const PROGRAM = "/bitcoin-controller";

/** Folders of libraries: Debian's, its cross-compilers', and those of the others; a loader searches those of its kind. */
function foldersOf({ triplet }: Machine): readonly string[] {
  return [
    `/lib/${triplet}`,
    `/usr/lib/${triplet}`,
    crossFolder(triplet),
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
  ];
}

/** Where Debian keeps what another machine has in `/lib`. */
function crossFolder(triplet: string): string {
  return `/usr/${triplet}/lib`;
}

/** The platform of a program as container engines call it, such as `linux/amd64`. */
export function platformOf(program: ElfFile): string {
  return machineOf(program).platform;
}

/**
 * The loader of a program and all libraries that it is linked to, and those in turn.
 *
 * @throws {Error} if one is not on this machine
 */
export async function librariesOf(program: ElfFile): Promise<readonly Library[]> {
  const machine = machineOf(program);
  const folders = foldersOf(machine);
  const placesOf = (name: string): readonly Library[] =>
    folders.map((folder) => {
      const isCross = folder === crossFolder(machine.triplet);
      const there = isCross ? `/lib/${machine.triplet}` : folder;
      return { source: `${folder}/${name}`, path: `${there}/${name}` };
    });
  const find = async (name: string, places: readonly Library[]) => {
    const found = await firstOf(places, program.machine);
    if (found) return found;
    throw new Error(
      `Cannot find library '${name}' for ${machine.platform}: it is not in ${folders.join(", ")}`,
    );
  };
  const libraries = new Map<string, Library>();
  const queue = [...program.needed];
  const { interpreter } = program;
  if (interpreter !== undefined) {
    // The kernel looks for the loader where the program says, and nowhere else.
    const name = fileName(interpreter);
    const sources = [interpreter, ...placesOf(name).map(({ source }) => source)];
    const loader = await find(name, sources.map((source) => ({ source, path: interpreter })));
    libraries.set(name, loader.library);
  }
  for (const name of queue) {
    if (libraries.has(name)) continue;
    const { library, needed } = await find(name, placesOf(name));
    libraries.set(name, library);
    queue.push(...needed);
  }
  return [...libraries.values()];
}

/**
 * Lays out what the image holds in a folder: the program, its libraries and `/etc/passwd`. Where that cannot be, as for
 * a program that is not for Linux, there is no such folder, and it says why.
 */
export async function collectLibraries(
  program: string,
  rootfs: string,
  print: (line: string) => void = console.log,
): Promise<void> {
  await removeIfThere(rootfs, { recursive: true });
  const bytes = await Deno.readFile(program);
  if (!isElf(bytes)) {
    return print(`${rootfs}: not made, '${program}' is no program for 64-bit Linux`);
  }
  let libraries: readonly Library[];
  try {
    libraries = await librariesOf(parseElf(bytes));
  } catch (error) {
    return print(`${rootfs}: not made. ${error instanceof Error ? error.message : error}`);
  }
  for (const { source, path } of [{ source: program, path: PROGRAM }, ...libraries]) {
    await place(rootfs, path, await Deno.readFile(source), 0o755);
  }
  await place(rootfs, "/etc/passwd", new TextEncoder().encode(PASSWD), 0o644);
  print(`${rootfs}: the program and ${libraries.length} libraries`);
}

/** Whatever the umask is, another user must be able to read it. */
async function place(root: string, path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const folders = path.split("/").slice(1, -1);
  for (let depth = 0; depth <= folders.length; depth++) {
    const folder = [root, ...folders.slice(0, depth)].join("/");
    await Deno.mkdir(folder, { recursive: true });
    await Deno.chmod(folder, 0o755);
  }
  await Deno.writeFile(root + path, bytes);
  await Deno.chmod(root + path, mode);
}

function machineOf({ machine }: ElfFile): Machine {
  const known = MACHINES[machine];
  if (!known) throw new RangeError(`Cannot tell the platform: machine ${machine} is not known`);
  return known;
}

/** The first of these files that is there and made for this machine, and what it needs itself. */
async function firstOf(
  places: readonly Library[],
  machine: number,
): Promise<{ readonly library: Library; readonly needed: readonly string[] } | undefined> {
  for (const library of places) {
    const bytes = await Deno.readFile(library.source).catch(() => undefined);
    if (!bytes || !isElf(bytes)) continue;
    const elf = parseElf(bytes);
    if (elf.machine === machine) return { library, needed: elf.needed };
  }
  return undefined;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
