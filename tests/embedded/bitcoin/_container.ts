/** A container on disk, for a runtime or for its files alone. */

import type { ContainerConfig } from "../../../lib/embedded/kubelet/runtime.ts";

/** The files of a container with an empty `/data` and a `/bitcoin.conf`. */
export interface ContainerFolder extends AsyncDisposable {
  readonly folder: string;
  readonly config: ContainerConfig;
  /** Its log so far. */
  readonly lines: string[];
}

/** Makes them. */
export async function containerFolder(
  conf: string,
  changes: Partial<ContainerConfig> = {},
): Promise<ContainerFolder> {
  const folder = await Deno.makeTempDir({ prefix: "fake-container-" });
  await Deno.mkdir(`${folder}/volume`);
  await Deno.writeTextFile(`${folder}/secret`, conf);
  const lines: string[] = [];
  return {
    folder,
    lines,
    config: {
      pod: { namespace: "default", name: "net-0", uid: "1" },
      name: "bitcoind",
      image: "bitcoin/bitcoin:30.0",
      command: ["bitcoind", "-conf=/bitcoin.conf"],
      env: {},
      ip: "127.1.2.3",
      hostDir: `${folder}/own`,
      mounts: [
        { containerPath: "/data", hostPath: `${folder}/volume` },
        { containerPath: "/bitcoin.conf", hostPath: `${folder}/secret` },
      ],
      log: (line) => lines.push(line),
      ...changes,
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}
