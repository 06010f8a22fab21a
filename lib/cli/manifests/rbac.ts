/** Namespace, ServiceAccount and rights of the controller. Pure: from options to objects. */

import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import type { PolicyRule, Subject } from "kubernetes-types/rbac/v1.d.ts";
import type { KubeObject } from "../../kube/mod.ts";
import { OWN_NAMESPACE_RIGHTS, type Right, RIGHTS } from "../../network/mod.ts";
import { LABELS, LEASE_ROLE, ROLE, ROLE_BINDING, SERVICE_ACCOUNT } from "./names.ts";
import type { InstallOptions } from "./options.ts";
import { userRoles } from "./user_roles.ts";

/** API group of roles and bindings. */
const RBAC = "rbac.authorization.k8s.io";

/** The level of the Pod Security Standards that the controller's namespace is held to. */
const POD_SECURITY = "restricted";

/** All that must be there before the controller's pods can be. */
export function rbacObjects(
  { namespace, watchNamespaces }: Pick<InstallOptions, "namespace" | "watchNamespaces">,
): KubeObject[] {
  const subject = { kind: "ServiceAccount", name: SERVICE_ACCOUNT, namespace };
  return [
    namespaceObject(namespace),
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: SERVICE_ACCOUNT, namespace, labels: { ...LABELS } },
    },
    ...networkRoles(watchNamespaces, subject),
    role("Role", { name: LEASE_ROLE, namespace }, OWN_NAMESPACE_RIGHTS),
    binding("Role", { name: `${LEASE_ROLE}-binding`, namespace }, LEASE_ROLE, subject),
    ...userRoles(),
  ];
}

/** The rules of a role that grants these rights. */
export function policyRules(rights: readonly Right[]): PolicyRule[] {
  return rights.map(({ apiGroup, resource, verbs, resourceNames }) => ({
    apiGroups: [apiGroup],
    resources: [resource],
    ...(resourceNames && { resourceNames: [...resourceNames] }),
    verbs: [...verbs],
  }));
}

function namespaceObject(name: string): KubeObject {
  const security = ["enforce", "audit", "warn"].map((mode) =>
    [`pod-security.kubernetes.io/${mode}`, POD_SECURITY] as const
  );
  const labels = { ...LABELS, ...Object.fromEntries(security) };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** One ClusterRole for all namespaces, or a Role in each of some. */
function networkRoles(namespaces: readonly string[], subject: Subject): KubeObject[] {
  if (namespaces.length === 0) {
    return [
      role("ClusterRole", { name: ROLE }, RIGHTS),
      binding("ClusterRole", { name: ROLE_BINDING }, ROLE, subject),
    ];
  }
  return namespaces.flatMap((namespace) => [
    role("Role", { name: ROLE, namespace }, RIGHTS),
    binding("Role", { name: ROLE_BINDING, namespace }, ROLE, subject),
  ]);
}

/** What a role or a binding has beside its metadata. */
type RbacObject = KubeObject & Readonly<Record<string, unknown>>;

function role(
  kind: "Role" | "ClusterRole",
  metadata: ObjectMeta,
  rights: readonly Right[],
): RbacObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { ...metadata, labels: { ...LABELS } },
    rules: policyRules(rights),
  };
}

function binding(
  kind: "Role" | "ClusterRole",
  metadata: ObjectMeta,
  name: string,
  subject: Subject,
): RbacObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: `${kind}Binding`,
    metadata: { ...metadata, labels: { ...LABELS } },
    roleRef: { apiGroup: RBAC, kind, name },
    subjects: [{ ...subject }],
  };
}
