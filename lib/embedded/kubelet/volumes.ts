/** A pod's volumes as folders on this machine, and what of them each container sees where. */

import type { Container, Pod, Volume } from "kubernetes-types/core/v1.d.ts";
import { dirname, join } from "node:path";

import { messageOf } from "./_message_of.ts";
import { ConfigObjects, type ConfigReader, PodConfigError } from "./config_objects.ts";
import type { PodContext } from "./pod_fields.ts";
import type { ContainerMount } from "./runtime.ts";
import { inside, isConfigVolume, volumeFiles, volumeRefs } from "./volume_files.ts";

/**
 * Makes the folders of all volumes of a pod, each named after its volume, and writes their files.
 *
 * @throws {PodConfigError} if a volume refers to something that is not there; its message names the volume
 */
export async function setUpVolumes(
  context: PodContext,
  folder: string,
  reader: ConfigReader,
  signal: AbortSignal,
): Promise<void> {
  const { metadata = {}, spec } = context.pod;
  const volumes = spec?.volumes ?? [];
  const account = spec?.serviceAccountName ?? "default";
  const refs = volumeRefs(volumes, metadata.namespace ?? "", account);
  const objects = await ConfigObjects.read(refs, reader, signal);
  await removeFolder(folder); // What an attempt that failed halfway has left; its files may be read-only.
  for (const volume of volumes) {
    try {
      await setUpVolume(volume, objects, context, join(folder, volume.name));
    } catch (cause) {
      const what = `MountVolume.SetUp failed for volume "${volume.name}"`;
      throw new PodConfigError(`${what} : ${messageOf(cause)}`, { cause });
    }
  }
}

async function setUpVolume(
  volume: Volume,
  objects: ConfigObjects,
  context: PodContext,
  folder: string,
): Promise<void> {
  const files = volumeFiles(volume, objects, context);
  await Deno.mkdir(folder, { recursive: true });
  for (const { path, bytes, mode } of files) {
    const target = join(folder, path);
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeFile(target, bytes);
    await Deno.chmod(target, mode);
  }
}

/**
 * What a container sees where. A `subPath` that is not there becomes a folder.
 *
 * @throws {PodConfigError} if it mounts a volume that the pod does not have
 */
export async function mountsOf(
  container: Container,
  pod: Pod,
  folder: string,
): Promise<ContainerMount[]> {
  return await Promise.all((container.volumeMounts ?? []).map(async (mount) => {
    const volume = pod.spec?.volumes?.find(({ name }) => name === mount.name);
    if (!volume) throw new PodConfigError(`volume "${mount.name}" of a mount is not in the pod`);
    const hostPath = join(folder, volume.name, inside(mount.subPath ?? ""));
    if (mount.subPath && !await exists(hostPath)) await Deno.mkdir(hostPath, { recursive: true });
    return { containerPath: mount.mountPath, hostPath, config: isConfigVolume(volume) };
  }));
}

/** Removes a folder with all that is in it, if it is there. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
