/** The environment and the command of a container, looked up and expanded as the kubelet does it. */

import type { Container, EnvFromSource, EnvVar } from "kubernetes-types/core/v1.d.ts";

import { type ConfigData, type ConfigObjects, PodConfigError } from "./config_objects.ts";
import { expand } from "./expansion.ts";
import { type PodContext, podField } from "./pod_fields.ts";

/**
 * The variables of a container. A later one sees the earlier ones as `$(NAME)`.
 *
 * @throws {PodConfigError} if it refers to something that is not there
 */
export function environmentOf(
  container: Container,
  objects: ConfigObjects,
  context: PodContext,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const source of container.envFrom ?? []) Object.assign(env, importAll(source, objects));
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, env, objects, context);
    if (value !== undefined) env[variable.name] = value;
  }
  return env;
}

/** The command with its arguments; empty if only the image would know it. */
export function commandOf(container: Container, env: Readonly<Record<string, string>>): string[] {
  return [...container.command ?? [], ...container.args ?? []].map((word) => expand(word, env));
}

function importAll(source: EnvFromSource, objects: ConfigObjects): Record<string, string> {
  const { prefix = "", secretRef, configMapRef } = source;
  const kind = secretRef ? "secret" : "configmap";
  const ref = secretRef ?? configMapRef;
  const data = objects.get(kind, ref?.name ?? "", ref?.optional) ?? new Map();
  return Object.fromEntries([...data].map(([key, value]) => [prefix + key, decode(value)]));
}

function valueOf(
  { value = "", valueFrom }: EnvVar,
  env: Readonly<Record<string, string>>,
  objects: ConfigObjects,
  context: PodContext,
): string | undefined {
  if (!valueFrom) return expand(value, env);
  const { fieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef) return podField(context, fieldRef.fieldPath);
  if (secretKeyRef) {
    const { name = "", key, optional } = secretKeyRef;
    return keyOf(objects.get("secret", name, optional), key, optional, `Secret ${at(name)}`);
  }
  if (configMapKeyRef) {
    const { name = "", key, optional } = configMapKeyRef;
    return keyOf(objects.get("configmap", name, optional), key, optional, `ConfigMap ${at(name)}`);
  }
  throw new PodConfigError("environment from resource fields is not supported");

  function at(name: string): string {
    return `${context.pod.metadata?.namespace ?? ""}/${name}`;
  }
}

function keyOf(
  data: ConfigData | undefined,
  key: string,
  optional: boolean | undefined,
  place: string,
): string | undefined {
  const value = data?.get(key);
  if (value) return decode(value);
  if (optional) return undefined;
  throw new PodConfigError(`couldn't find key ${key} in ${place}`);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
