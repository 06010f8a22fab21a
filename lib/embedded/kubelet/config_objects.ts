/** The Secrets and ConfigMaps that pods refer to: which they are, how they are read, and what a key of one holds. */

import type { ConfigMap, Container, Secret } from "kubernetes-types/core/v1.d.ts";

import { ApiError, CONFIG_MAPS, type KubeClient, SECRETS } from "../../kube/mod.ts";

/** What can hold configuration; a `token` is a service account's, under the key `token`. */
export type ConfigKind = "secret" | "configmap" | "token";

/** The values of one object. */
export type ConfigData = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Reads what pods refer to. */
export interface ConfigReader {
  /**
   * Reads one object; undefined if there is none.
   *
   * @throws {Error} if the API server refuses or does not answer
   */
  read(ref: ConfigRef, signal: AbortSignal): Promise<ConfigData | undefined>;
}

/** Names a Secret, a ConfigMap or a service account. */
export interface ConfigRef {
  /** Which kind. */
  readonly kind: ConfigKind;
  /** Namespace of the pod that refers to it. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
}

/** What a pod refers to is not there, or not as it should be. The message is shown in the pod's status and events. */
export class PodConfigError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "PodConfigError";
}

/** Reads the objects from an API server, each time anew: they are few, and nobody may list Secrets just to run a pod. */
export function apiConfigReader(client: KubeClient): ConfigReader {
  return {
    async read({ kind, namespace, name }, signal) {
      try {
        switch (kind) {
          case "secret":
            return secretData(await client.resource(SECRETS, namespace).get(name, { signal }));
          case "configmap":
            return configMapData(
              await client.resource(CONFIG_MAPS, namespace).get(name, { signal }),
            );
          case "token":
            return tokenData(await requestToken(client, namespace, name, signal));
        }
      } catch (error) {
        if (error instanceof ApiError && error.isNotFound) return undefined;
        throw error;
      }
    },
  };
}

/** What a container's environment refers to, each object once. */
export function environmentRefs(container: Container, namespace: string): ConfigRef[] {
  const refs = new Map<string, ConfigRef>();
  const add = (kind: ConfigKind, name: string | undefined): void => {
    if (name) refs.set(refKey(kind, name), { kind, namespace, name });
  };
  for (const source of container.envFrom ?? []) {
    add("secret", source.secretRef?.name);
    add("configmap", source.configMapRef?.name);
  }
  for (const { valueFrom } of container.env ?? []) {
    add("secret", valueFrom?.secretKeyRef?.name);
    add("configmap", valueFrom?.configMapKeyRef?.name);
  }
  return [...refs.values()];
}

/** Some Secrets and ConfigMaps of one namespace that have been read. */
export class ConfigObjects {
  readonly #objects: ReadonlyMap<string, ConfigData>;

  /** Keeps what was found, by `kind/name`. */
  constructor(objects: ReadonlyMap<string, ConfigData>) {
    this.#objects = objects;
  }

  /** Reads `refs`, all at once; those that do not exist are left out. */
  static async read(
    refs: readonly ConfigRef[],
    reader: ConfigReader,
    signal: AbortSignal,
  ): Promise<ConfigObjects> {
    const found = new Map<string, ConfigData>();
    await Promise.all(refs.map(async (ref) => {
      const data = await reader.read(ref, signal);
      if (data) found.set(refKey(ref.kind, ref.name), data);
    }));
    return new ConfigObjects(found);
  }

  /**
   * The values of one object; undefined if it is optional and not there.
   *
   * @throws {PodConfigError} if it must be there and is not
   */
  get(kind: ConfigKind, name: string, optional: boolean | undefined): ConfigData | undefined {
    const data = this.#objects.get(refKey(kind, name));
    if (!data && !optional) throw new PodConfigError(`${kind} "${name}" not found`);
    return data;
  }
}

function refKey(kind: ConfigKind, name: string): string {
  return `${kind}/${name}`;
}

function secretData(secret: Secret): ConfigData {
  return new Map(
    Object.entries(secret.data ?? {}).map(([key, value]) => [key, fromBase64(value)]),
  );
}

function configMapData({ data = {}, binaryData = {} }: ConfigMap): ConfigData {
  const encoder = new TextEncoder();
  return new Map([
    ...Object.entries(data).map(([key, value]) => [key, encoder.encode(value)] as const),
    ...Object.entries(binaryData).map(([key, value]) => [key, fromBase64(value)] as const),
  ]);
}

/** Asks for a token of a service account that lasts an hour; pods here do not outlive it, so it is not renewed. */
async function requestToken(
  client: KubeClient,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<unknown> {
  return await client.request({
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
    signal,
  });
}

function tokenData(answer: unknown): ConfigData {
  // The shape of a TokenRequest is the API's contract; only one field of it is used.
  const { status } = answer as { status?: { token?: string } };
  return new Map([["token", new TextEncoder().encode(status?.token ?? "")]]);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
