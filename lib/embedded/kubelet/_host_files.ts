/** Files of this machine for a process that stands in for a container: rewritten copies of its mounts, and its program. */

import { isAbsolute, join } from "node:path";

import { isExecutable } from "../_executable.ts";
import { type HostMapping, mapFile, mapText, type PathMapping } from "./host_mapping.ts";
import { type ContainerMount, ContainerStartError } from "./runtime.ts";

/** Where each mount of a container is: its own folder, or the place of a rewritten copy if it holds configuration. */
export function pathsOf(mounts: readonly ContainerMount[], folder: string): PathMapping[] {
  return mounts.map(({ containerPath, hostPath, config }, index) => ({
    containerPath,
    hostPath: config ? join(folder, "config", `${index}`) : hostPath,
  }));
}

/** Writes the rewritten copies that {@linkcode pathsOf} names. */
export async function copyConfig(
  mounts: readonly ContainerMount[],
  mapping: HostMapping,
): Promise<void> {
  for (const [index, { hostPath, config }] of mounts.entries()) {
    const target = mapping.paths[index]?.hostPath;
    if (config && target) await copyMapped(hostPath, target, mapping);
  }
}

async function copyMapped(source: string, target: string, mapping: HostMapping): Promise<void> {
  const { isDirectory, mode } = await Deno.stat(source);
  if (isDirectory) {
    await Deno.mkdir(target, { recursive: true });
    for await (const { name } of Deno.readDir(source)) {
      await copyMapped(join(source, name), join(target, name), mapping);
    }
  } else {
    await Deno.mkdir(join(target, ".."), { recursive: true });
    await Deno.writeFile(target, mapFile(await Deno.readFile(source), mapping));
    if (mode !== null) await Deno.chmod(target, mode & 0o777);
  }
}

/**
 * The path of a program: looked up in the folders of `path` if its name has no slash.
 *
 * @throws {ContainerStartError} if there is none that can be run; it names the program and the folders
 */
export async function findProgram(
  name: string,
  path: string,
  mapping: HostMapping,
): Promise<string> {
  const candidates = name.includes("/")
    ? [mapText(name, mapping)]
    : path.split(":").filter(isAbsolute).map((folder) => join(folder, name));
  for (const candidate of candidates) {
    if (await isExecutable(candidate)) return candidate;
  }
  const why = name.includes("/")
    ? `stat ${name}: no such executable file on this machine`
    : `executable file not found in $PATH (install '${name}' on this machine, or add its folder to PATH: ${path})`;
  throw startError(`exec: ${JSON.stringify(name)}: ${why}`);
}

/** The error of a program that cannot be run, worded as containerd does. */
export function startError(reason: string, cause?: unknown): ContainerStartError {
  const message = `failed to start container: unable to start container process: ${reason}`;
  return new ContainerStartError("RunContainerError", message, { cause });
}
