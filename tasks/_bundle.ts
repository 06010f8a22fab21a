/**
 * Puts the program into few files of JavaScript before it is compiled: only what it loads of itself and of its
 * packages, in the parts that it loads at once. Compiled as they are, all packages of deno.lock would be in the binary,
 * and 400 files would be looked up at its start.
 *
 * Nothing in the files says where they were made, so that the same commit makes the same files on every machine. It
 * is not minified: a stack trace names functions, and the folder has what stands at its lines.
 */

import { cp, rm } from "node:fs/promises";

/** What is copied: the sources of the program, and what says which packages it has. */
const SOURCES = ["main.ts", "lib", "manifests", "deno.json", "deno.lock"];
/** The time of every file, as it is compiled in: 1970, for all builds to be the same. */
const EPOCH = new Date(0);

/** What {@linkcode bundle} made. */
export interface Bundle {
  /** The folder with the files. */
  readonly folder: string;
  /** The file that starts the program. */
  readonly main: string;
  /** The packages whose code is in it, as `name@version`. */
  readonly packages: ReadonlySet<string>;
  /** Where the files of a package are, to read its license. */
  readonly folderOfPackage: (name: string, version: string) => string;
}

/**
 * Makes the files.
 *
 * @param workplace a folder of its own; the packages in it are kept for the next time
 * @param commit what `version` says
 * @throws {Error} if it fails, with what Deno says
 */
export async function bundle(workplace: string, commit: string | undefined): Promise<Bundle> {
  await Deno.mkdir(workplace, { recursive: true });
  const folder = `${workplace}/bundle`;
  for (const name of [...SOURCES, "bundle"]) {
    await rm(`${workplace}/${name}`, { recursive: true, force: true });
  }
  for (const name of SOURCES) await cp(name, `${workplace}/${name}`, { recursive: true });
  await Deno.writeTextFile(
    `${workplace}/lib/cli/build.json`,
    `${JSON.stringify({ commit: commit ?? "" })}\n`,
  );
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    // A folder of packages beside it: the paths in the files would lead to the cache of this machine otherwise.
    args: [
      "bundle",
      "--quiet",
      "--frozen",
      "--node-modules-dir=auto",
      "--platform=deno",
      "--code-splitting",
      "--outdir=bundle",
      "main.ts",
    ],
    cwd: workplace,
  }).output();
  const text = new TextDecoder().decode(stderr).trim();
  if (!success) {
    throw new Error(
      `Cannot bundle main.ts; the first time it needs a network, for the packages: ${text}`,
    );
  }
  const packages = new Set<string>();
  for await (const { name } of Deno.readDir(folder)) {
    const file = `${folder}/${name}`;
    for (const found of packagesIn(await Deno.readTextFile(file))) packages.add(found);
    await Deno.utime(file, EPOCH, EPOCH);
  }
  return {
    folder,
    main: "main.js",
    packages,
    folderOfPackage: (name, version) =>
      `${workplace}/node_modules/.deno/${name.replace("/", "+")}@${version}/node_modules/${name}`,
  };
}

/** The packages that a file has code of, as the comments say that esbuild puts before each module. */
export function packagesIn(file: string): ReadonlySet<string> {
  const modules = file.matchAll(
    /^\/\/ node_modules\/\.deno\/[^/]+?@([^@/]+)\/node_modules\/((?:@[^/]+\/)?[^/]+)\//gm,
  );
  return new Set([...modules].map(([, version, name]) => `${name}@${version}`));
}
