/** Installs what the controller needs in a cluster: its CRD, and its service account with its rights. */

import { CUSTOM_RESOURCE_DEFINITIONS, type KubeClient } from "../../lib/kube/mod.ts";
import {
  customResourceDefinition,
  OWN_NAMESPACE_RIGHTS,
  type Right,
  RIGHTS,
} from "../../lib/network/mod.ts";
import { until } from "../support/eventually.ts";

/** The service account of the controller. */
export const controllerAccount = {
  namespace: "bitcoin-controller",
  name: "bitcoin-controller-sva",
} as const;

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

/** Creates the service account with the rights that the controller says it needs, in all namespaces and in its own. */
export async function installAccount(client: KubeClient): Promise<void> {
  const { namespace, name } = controllerAccount;
  await post(client, "/api/v1/namespaces", { metadata: { name: namespace } });
  const account = { metadata: { name } };
  await post(client, `/api/v1/namespaces/${namespace}/serviceaccounts`, account);
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  await grant(client, rbac, "ClusterRole", RIGHTS);
  await grant(client, `${rbac}/namespaces/${namespace}`, "Role", OWN_NAMESPACE_RIGHTS);
}

async function grant(
  client: KubeClient,
  path: string,
  kind: "ClusterRole" | "Role",
  rights: readonly Right[],
): Promise<void> {
  const { namespace, name } = controllerAccount;
  const role = "bitcoin-controller-role";
  await post(client, `${path}/${kind.toLowerCase()}s`, {
    metadata: { name: role },
    rules: rights.map(({ apiGroup, resource, verbs, resourceNames }) => ({
      apiGroups: [apiGroup],
      resources: [resource],
      verbs,
      resourceNames,
    })),
  });
  await post(client, `${path}/${kind.toLowerCase()}bindings`, {
    metadata: { name: `${role}-binding` },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: role },
    subjects: [{ kind: "ServiceAccount", namespace, name }],
  });
}

async function post(client: KubeClient, path: string, body: unknown): Promise<void> {
  await client.request({ method: "POST", path, body });
}
