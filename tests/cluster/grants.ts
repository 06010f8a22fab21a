/** The rights of the controller's account on a real API server, one of which can be taken away for a while. */

import assert from "node:assert/strict";
import { LEASE_ROLE, ROLE } from "../../lib/cli/manifests/names.ts";
import type { KubeClient, RequestObserver } from "../../lib/kube/mod.ts";
import { OWN_NAMESPACE_RIGHTS, type Right, RIGHTS } from "../../lib/network/mod.ts";
import { MetricsRegistry, requestMetrics } from "../../lib/server/mod.ts";
import type { AuditRecord } from "../support/control_plane/mod.ts";
import { eventually } from "../support/eventually.ts";
import { CONTROLLER_USER, controllerAccount } from "./install.ts";

/** One verb of one right. */
export interface Grant {
  /** API group; empty for the core group. */
  readonly apiGroup: string;
  /** Kind in the plural, with its subresource. */
  readonly resource: string;
  /** The verb. */
  readonly verb: string;
}

/** All grants of rights, each by itself. */
export function grantsOf(rights: readonly Right[]): Grant[] {
  return rights.flatMap(({ apiGroup, resource, verbs }) =>
    verbs.map((verb) => ({ apiGroup, resource, verb }))
  );
}

/** A grant in a few words, such as `patch statefulsets`. */
export function nameOf({ resource, verb }: Grant): string {
  return `${verb} ${resource}`;
}

/** Takes grants away from the controller's ClusterRole, and from its Role in its own namespace; it has them again once the result is disposed of. */
export async function withdraw(
  client: KubeClient,
  ...grants: readonly Grant[]
): Promise<AsyncDisposable> {
  const isTaken = (apiGroup: string, resource: string, verb: string): boolean =>
    grants.some((grant) =>
      grant.apiGroup === apiGroup && grant.resource === resource && grant.verb === verb
    );
  await writeRoles(
    client,
    (right) => right.verbs.filter((verb) => !isTaken(right.apiGroup, right.resource, verb)),
  );
  for (const grant of grants) {
    const what = `'${nameOf(grant)}' to be denied`;
    await eventually(async () => !(await isAllowed(client, grant)), { what });
  }
  return {
    [Symbol.asyncDispose]: async () => {
      await writeRoles(client, ({ verbs }) => verbs);
      for (const grant of grants) {
        const what = `'${nameOf(grant)}' to be allowed`;
        await eventually(() => isAllowed(client, grant), { what });
      }
    },
  };
}

/** Writes the rules of both tables, with those of the verbs of each right that `verbsOf` says. */
async function writeRoles(
  client: KubeClient,
  verbsOf: (right: Right) => readonly string[],
): Promise<void> {
  const rulesOf = (rights: readonly Right[]): readonly object[] =>
    rights.filter((right) => verbsOf(right).length > 0).map((right) => ({
      apiGroups: [right.apiGroup],
      resources: [right.resource],
      verbs: verbsOf(right),
      resourceNames: right.resourceNames,
    }));
  const write = async (role: string, rights: readonly Right[]): Promise<void> => {
    await client.request({
      method: "PATCH",
      path: `/apis/rbac.authorization.k8s.io/v1/${role}`,
      contentType: "application/merge-patch+json",
      body: { rules: rulesOf(rights) },
    });
  };
  await write(`clusterroles/${ROLE}`, RIGHTS);
  await write(
    `namespaces/${controllerAccount.namespace}/roles/${LEASE_ROLE}`,
    OWN_NAMESPACE_RIGHTS,
  );
}

/** Whether the API server lets the account do that; it hears of a changed role a moment later. */
async function isAllowed(client: KubeClient, grant: Grant): Promise<boolean> {
  const [resource, subresource] = grant.resource.split("/");
  const { verb, apiGroup: group } = grant;
  const own = OWN_NAMESPACE_RIGHTS.find((right) =>
    right.apiGroup === group && right.resource === grant.resource && right.verbs.includes(verb)
  );
  const namespace = own ? controllerAccount.namespace : "default";
  const name = own?.resourceNames?.[0];
  const answer = await client.request({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: {
        user: CONTROLLER_USER,
        groups: ["system:serviceaccounts", "system:authenticated"],
        resourceAttributes: { namespace, name, verb, group, resource, subresource },
      },
    },
  });
  // as: a review has a status.
  return (answer as { readonly status: { readonly allowed: boolean } }).status.allowed;
}

/** Every request was granted by the tables, and every grant was used. */
export function checkUse(own: readonly AuditRecord[]): void {
  assert.ok(own.length > 0);
  const grants = grantsOf([...RIGHTS, ...OWN_NAMESPACE_RIGHTS]).map((grant) => ({
    key: keyOf(grant),
    uses: 0,
  }));
  for (const record of own) {
    const grant = grants.find(({ key }) => key === keyOf(record));
    assert.ok(grant, `${record.verb} ${record.uri} is in no table`);
    if (record.code !== 403) grant.uses++;
    // To apply an object that is not there takes 'create' beside 'patch'.
    const creates = record.verb === "patch" && record.code === 201 && { ...record, verb: "create" };
    const created = creates && grants.find(({ key }) => key === keyOf(creates));
    if (created) created.uses++;
  }
  assert.deepEqual(
    grants.filter(({ uses }) => uses === 0).map(({ key }) => key),
    // Admission asks for it; no request does.
    ["update bitcoinnetworks/finalizers.bitcoincontroller.christianb93.github.com"],
  );
}

function keyOf({ verb, resource, apiGroup }: Grant): string {
  return `${verb} ${resource}.${apiGroup}`;
}

/** Counts the requests that were refused, as the controller's metrics do. */
export class Refusals {
  readonly #registry = new MetricsRegistry();
  /** For the clients whose requests are counted. */
  readonly observer: RequestObserver = requestMetrics(this.#registry, {
    host: "test",
    rights: [...RIGHTS, ...OWN_NAMESPACE_RIGHTS],
  });

  /** How often the request that needs a grant was refused so far. */
  async of(grant: Grant): Promise<number> {
    const { values = [] } = await this.#registry.getSingleMetric(
      "bitcoin_controller_forbidden_requests_total",
    )?.get() ?? {};
    const { verb, apiGroup, resource } = requestOf(grant);
    const isMeant = (labels: Partial<Record<string, string | number>>): boolean =>
      labels.verb === verb && labels.group === apiGroup && labels.resource === resource;
    return values.find(({ labels }) => isMeant(labels))?.value ?? 0;
  }
}

/** The request that is refused when a grant is missing. */
function requestOf(grant: Grant): Grant {
  const { resource, verb } = grant;
  // The first object that belongs to a network.
  if (resource.endsWith("/finalizers")) {
    return { apiGroup: "", resource: "services", verb: "patch" };
  }
  // These are made by server-side apply.
  const isApplied = resource === "services" || resource === "statefulsets";
  return verb === "create" && isApplied ? { ...grant, verb: "patch" } : grant;
}
