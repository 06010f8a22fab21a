/** The files of a pod's volumes that come from the API, as values: nothing is written here. */

import type { KeyToPath, Volume } from "kubernetes-types/core/v1.d.ts";

import {
  type ConfigData,
  type ConfigKind,
  type ConfigObjects,
  type ConfigRef,
  PodConfigError,
} from "./config_objects.ts";
import { type PodContext, podField } from "./pod_fields.ts";

/** One file of a volume. */
export interface VolumeFile {
  /** Path within the volume. */
  readonly path: string;
  /** Content. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Permission bits. */
  readonly mode: number;
}

/** Mode of files that none is given for; what the API server sets as well. */
const DEFAULT_MODE = 0o644;

/** One source of files; a volume has one, a projected volume has many. */
type Source = Pick<Volume, "secret" | "configMap" | "downwardAPI"> & {
  readonly serviceAccountToken?: { readonly path: string } | undefined;
  readonly defaultMode: number;
};

/** Whether the volume's files come from the API; otherwise it is an empty folder. */
export function isConfigVolume(volume: Volume): boolean {
  return Boolean(volume.secret ?? volume.configMap ?? volume.downwardAPI ?? volume.projected);
}

/** What the volumes refer to. */
export function volumeRefs(
  volumes: readonly Volume[],
  namespace: string,
  serviceAccount: string,
): ConfigRef[] {
  return volumes.flatMap(sourcesOf).flatMap((source): ConfigRef[] => {
    const ref = (kind: ConfigKind, name = ""): ConfigRef[] => [{ kind, namespace, name }];
    if (source.secret) return ref("secret", source.secret.secretName);
    if (source.configMap) return ref("configmap", source.configMap.name);
    return source.serviceAccountToken ? ref("token", serviceAccount) : [];
  });
}

/**
 * The files of a volume; none for an `emptyDir`.
 *
 * @throws {PodConfigError} if it refers to something that is not there, or is of a kind that is not supported
 */
export function volumeFiles(
  volume: Volume,
  objects: ConfigObjects,
  context: PodContext,
): VolumeFile[] {
  if (volume.emptyDir) return [];
  if (!isConfigVolume(volume)) {
    const kind = Object.keys(volume).find((key) => key !== "name") ?? "none";
    throw new PodConfigError(`volumes of kind '${kind}' are not supported by this kubelet`);
  }
  return sourcesOf(volume).flatMap((source) => sourceFiles(source, objects, context));
}

function sourcesOf({ secret, configMap, downwardAPI, projected }: Volume): Source[] {
  if (secret) return [{ secret, defaultMode: secret.defaultMode ?? DEFAULT_MODE }];
  if (configMap) return [{ configMap, defaultMode: configMap.defaultMode ?? DEFAULT_MODE }];
  if (downwardAPI) return [{ downwardAPI, defaultMode: downwardAPI.defaultMode ?? DEFAULT_MODE }];
  const defaultMode = projected?.defaultMode ?? DEFAULT_MODE;
  return (projected?.sources ?? []).map(({ secret, ...rest }) => ({
    ...rest,
    ...(secret && { secret: { ...secret, ...(secret.name && { secretName: secret.name }) } }),
    defaultMode,
  }));
}

function sourceFiles(source: Source, objects: ConfigObjects, context: PodContext): VolumeFile[] {
  const { secret, configMap, downwardAPI, serviceAccountToken, defaultMode: mode } = source;
  if (secret) {
    const data = objects.get("secret", secret.secretName ?? "", secret.optional);
    return pick(data, secret.items, secret.optional, mode, "secret");
  }
  if (configMap) {
    const data = objects.get("configmap", configMap.name ?? "", configMap.optional);
    return pick(data, configMap.items, configMap.optional, mode, "config");
  }
  if (downwardAPI) {
    return (downwardAPI.items ?? []).map((item) => {
      if (!item.fieldRef) throw new PodConfigError("resource fields are not supported");
      const bytes = new TextEncoder().encode(podField(context, item.fieldRef.fieldPath));
      return { path: inside(item.path), bytes, mode: item.mode ?? mode };
    });
  }
  if (serviceAccountToken) {
    const name = context.pod.spec?.serviceAccountName ?? "default";
    const bytes = objects.get("token", name, false)?.get("token");
    return bytes ? [{ path: inside(serviceAccountToken.path), bytes, mode }] : [];
  }
  throw new PodConfigError("a projected source is of a kind that this kubelet does not support");
}

function pick(
  data: ConfigData = new Map(),
  items: readonly KeyToPath[] | undefined,
  optional: boolean | undefined,
  defaultMode: number,
  what: string,
): VolumeFile[] {
  const wanted: readonly KeyToPath[] = items ?? [...data.keys()].map((key) => ({ key, path: key }));
  return wanted.flatMap(({ key, path, mode = defaultMode }) => {
    const bytes = data.get(key);
    if (bytes) return [{ path: inside(path), bytes, mode }];
    if (optional) return [];
    throw new PodConfigError(`references non-existent ${what} key: ${key}`);
  });
}

/** A path that stays within its folder; the API server checks it too, but what we write must not depend on that. */
export function inside(path: string): string {
  if (path.startsWith("/") || path.split("/").includes("..")) {
    throw new PodConfigError(`path '${path}' leads out of its volume`);
  }
  return path;
}
