/** Everything that a container needs to be started, looked up and put in its place. */

import type { Container } from "kubernetes-types/core/v1.d.ts";

import { ConfigObjects, type ConfigReader, environmentRefs } from "./config_objects.ts";
import { commandOf, environmentOf } from "./environment.ts";
import type { PodContext } from "./pod_fields.ts";
import type { ContainerConfig } from "./runtime.ts";
import { mountsOf } from "./volumes.ts";

/** Where a container runs. */
export interface ContainerPlace {
  /** Its pod and the addresses. */
  readonly context: PodContext;
  /** Reads the Secrets and ConfigMaps that its environment refers to. */
  readonly reader: ConfigReader;
  /** Folder of the pod's volumes. */
  readonly volumes: string;
  /** Folder of this run of the container; it is made. */
  readonly hostDir: string;
  /** Takes each line of its output. */
  readonly log: (line: string) => void;
}

/**
 * Makes the configuration of a container from its spec.
 *
 * @throws {PodConfigError} if it refers to something that is not there
 * @throws {Error} if the API server refuses or does not answer
 */
export async function configureContainer(
  spec: Container,
  { context, reader, volumes, hostDir, log }: ContainerPlace,
  signal: AbortSignal,
): Promise<ContainerConfig> {
  const { namespace = "", name = "", uid = "" } = context.pod.metadata ?? {};
  const objects = await ConfigObjects.read(environmentRefs(spec, namespace), reader, signal);
  const env = environmentOf(spec, objects, context);
  const mounts = await mountsOf(spec, context.pod, volumes);
  await Deno.mkdir(hostDir, { recursive: true });
  return {
    pod: { namespace, name, uid },
    name: spec.name,
    image: spec.image ?? "",
    command: commandOf(spec, env),
    env,
    ...(spec.workingDir && { workingDir: spec.workingDir }),
    ip: context.podIp,
    hostDir,
    mounts,
    log,
  };
}
