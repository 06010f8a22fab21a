/** A service account as a kubelet mounts it into a pod: files that lead through `..data`, which is swapped at once. */

/** What is in it. */
export interface ServiceAccountFiles {
  readonly token: string;
  readonly "ca.crt": string;
  readonly namespace: string;
}

/** Keeps such a folder. */
export class ServiceAccountVolume {
  /** The folder to be mounted. */
  readonly folder: string;
  #data: string | undefined;

  /** Keeps its argument, a folder that exists; {@linkcode ServiceAccountVolume.write} fills it. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** Replaces all files in one step: whoever reads sees the old ones or the new ones (Kubernetes, `pkg/volume/util/atomic_writer.go`). */
  async write(files: ServiceAccountFiles): Promise<void> {
    const data = `..${crypto.randomUUID()}`;
    await Deno.mkdir(`${this.folder}/${data}`, { mode: 0o755 });
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${this.folder}/${data}/${name}`, text, { mode: 0o644 });
    }
    await Deno.symlink(data, `${this.folder}/..data_tmp`);
    await Deno.rename(`${this.folder}/..data_tmp`, `${this.folder}/..data`);
    if (this.#data === undefined) {
      for (const name of Object.keys(files)) {
        await Deno.symlink(`..data/${name}`, `${this.folder}/${name}`);
      }
    } else await Deno.remove(`${this.folder}/${this.#data}`, { recursive: true });
    this.#data = data;
  }
}
