/** Installs what the controller needs in a cluster: its CRD, and its service account with its rights. */

import { DEFAULT_INSTALL, installObjects } from "../../lib/cli/manifests/mod.ts";
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  type KubeClient,
  type KubeObject,
} from "../../lib/kube/mod.ts";
import { customResourceDefinition } from "../../lib/network/mod.ts";
import { until } from "../support/eventually.ts";

/** The service account of the controller. */
export const controllerAccount = {
  namespace: "bitcoin-controller",
  name: "bitcoin-controller-sva",
} as const;

/** Its user, as RBAC and the audit log call it. */
export const CONTROLLER_USER =
  `system:serviceaccount:${controllerAccount.namespace}:${controllerAccount.name}`;

/** Creates the CRD and waits until BitcoinNetworks can be created. */
export async function installDefinition(client: KubeClient): Promise<void> {
  const definitions = client.resource(CUSTOM_RESOURCE_DEFINITIONS);
  await definitions.apply(customResourceDefinition(), { fieldManager: "test" });
  await until(
    definitions,
    (found) =>
      found.some(({ status }) =>
        status?.conditions?.some(({ type, status }) => type === "Established" && status === "True")
      ),
    { what: "the CRD to be established", timeoutMs: 30_000 },
  );
}

/** Creates the controller's service account with its rights, in all namespaces or in some: what the manifests say. */
export async function installAccount(
  client: KubeClient,
  watchNamespaces: readonly string[] = [],
): Promise<void> {
  for (const object of installObjects({ ...DEFAULT_INSTALL, watchNamespaces }, ["rbac"])) {
    await applyObject(client, object);
  }
}

/** Applies an object of any kind whose plural is regular. */
export async function applyObject(client: KubeClient, object: KubeObject): Promise<void> {
  const { apiVersion = "v1", kind = "", metadata } = object;
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata?.namespace ? `/namespaces/${metadata.namespace}` : "";
  await client.request({
    method: "PATCH",
    path: `${root}${scope}/${kind.toLowerCase()}s/${metadata?.name}`,
    query: { fieldManager: "test", force: true },
    contentType: "application/apply-patch+yaml",
    body: object,
  });
}
