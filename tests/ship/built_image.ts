/** The image as `deno task image` makes it: built by buildah with a storage of its own, and read from its archive. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { output } from "./_machine.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The configuration of an image (OCI image specification, `config.md`), as far as it is read. */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly config: {
    readonly User?: string;
    readonly Entrypoint?: readonly string[];
    readonly Cmd?: readonly string[];
    readonly Labels?: Readonly<Record<string, string>>;
  };
}

/** An image in an archive. */
export interface BuiltImage {
  /** Its archive, as `docker save` writes it. */
  readonly archive: string;
  /** What the task has printed. */
  readonly printed: string;
  readonly config: ImageConfig;
  /** Its files with their modes and owners: `-rwxr-xr-x 0/0 bitcoin-controller`. */
  readonly files: readonly string[];
  /** The identifier of its configuration, and so of all that is in it. */
  readonly id: string;
}

/** Builds it, with its archive and all that buildah needs in a folder. */
export async function buildImage(folder: string, name: string): Promise<BuiltImage> {
  const storage = `${folder}/storage.conf`;
  await Deno.writeTextFile(
    storage,
    `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`,
  );
  const archive = `${folder}/image.tar`;
  const task = ["run", "-A", "--quiet", "tasks/image.ts", "--engine=buildah"];
  const { code, stdout, stderr } = await output(
    new Deno.Command(Deno.execPath(), {
      args: [...task, `--name=${name}`, `--output=${archive}`],
      cwd: ROOT,
      env: { CONTAINERS_STORAGE_CONF: storage },
    }),
  );
  assert.equal(code, 0, stderr);
  // as: an archive has such a manifest.
  const [image] = JSON.parse(await fromArchive(archive, "manifest.json")) as readonly {
    readonly Config: string;
    readonly Layers: readonly string[];
  }[];
  const layers = image?.Layers ?? [];
  assert.equal(layers.length, 1, "more than one layer");
  return {
    archive,
    printed: stdout,
    config: JSON.parse(await fromArchive(archive, image?.Config ?? "")),
    files: await listLayer(archive, layers[0] ?? ""),
    id: image?.Config ?? "",
  };
}

async function fromArchive(archive: string, file: string): Promise<string> {
  const { code, stdout, stderr } = await output(
    new Deno.Command("tar", { args: ["-xOf", archive, file] }),
  );
  assert.equal(code, 0, stderr);
  return stdout;
}

async function listLayer(archive: string, layer: string): Promise<readonly string[]> {
  const script = `tar -xOf "$0" "$1" | tar -tv --numeric-owner -f -`;
  const { code, stdout, stderr } = await output(
    new Deno.Command("sh", { args: ["-c", script, archive, layer] }),
  );
  assert.equal(code, 0, stderr);
  return stdout.trim().split("\n").map((line) => {
    // Mode, owner, size, date, time, name.
    const [mode, owner, , , , ...name] = line.split(/\s+/);
    return `${mode} ${owner} ${name.join(" ")}`;
  });
}
