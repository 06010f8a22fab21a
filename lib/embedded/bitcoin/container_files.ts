/** The files of a container, as far as bitcoind asks for them: its mounts, and a private root for everything else. */

import { join, posix } from "node:path";
import type { ContainerConfig } from "../kubelet/runtime.ts";

/** Finds the files of one container on this machine. */
export class ContainerFiles {
  readonly #mounts: ContainerConfig["mounts"];
  readonly #root: string;

  /** Keeps where things are mounted. */
  constructor({ mounts, hostDir }: Pick<ContainerConfig, "mounts" | "hostDir">) {
    // Of two mounts that hold a path, the longer one counts.
    this.#mounts = mounts.toSorted((a, b) => b.containerPath.length - a.containerPath.length);
    this.#root = join(hostDir, "root");
  }

  /** Where a path of the container is on this machine. */
  hostPath(path: string): string {
    const whole = posix.resolve("/", path);
    for (const { containerPath, hostPath } of this.#mounts) {
      const within = posix.relative(posix.resolve("/", containerPath), whole);
      if (within === "") return hostPath;
      if (within !== ".." && !within.startsWith("../")) return join(hostPath, within);
    }
    return join(this.#root, whole);
  }

  /** The text of a file; undefined if it cannot be read. */
  async read(path: string): Promise<string | undefined> {
    try {
      return await Deno.readTextFile(this.hostPath(path));
    } catch {
      return undefined; // bitcoind says only that it could not open it.
    }
  }

  /** Whether there is a folder. */
  async isFolder(path: string): Promise<boolean> {
    try {
      return (await Deno.stat(this.hostPath(path))).isDirectory;
    } catch {
      return false; // It is not there, or out of reach.
    }
  }
}
