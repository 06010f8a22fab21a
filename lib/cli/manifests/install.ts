/** What is applied to a cluster to run the controller there. Pure: from options to objects. */

import type { KubeObject } from "../../kube/mod.ts";
import { customResourceDefinition } from "../../network/mod.ts";
import { deploymentObjects } from "./deployment.ts";
import { type InstallOptions, type Part, PARTS } from "./options.ts";
import { rbacObjects } from "./rbac.ts";

/** The objects of some parts, in an order in which they can be applied. */
export function installObjects(
  options: InstallOptions,
  parts: readonly Part[] = PARTS,
): KubeObject[] {
  const objects: Readonly<Record<Part, () => KubeObject[]>> = {
    crd: () => [customResourceDefinition()],
    rbac: () => rbacObjects(options),
    deployment: () => deploymentObjects(options),
  };
  return PARTS.filter((part) => parts.includes(part))
    .flatMap((part) => objects[part]())
    .filter(({ metadata }) => !options.isNamespaced || metadata?.namespace !== undefined);
}
