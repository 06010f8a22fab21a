/** The rights of the controller's account on a real API server, one of which can be taken away for a while. */

import { ROLE } from "../../lib/cli/manifests/mod.ts";
import type { KubeClient, RequestObserver } from "../../lib/kube/mod.ts";
import { type Right, RIGHTS } from "../../lib/network/mod.ts";
import { MetricsRegistry, requestMetrics } from "../../lib/server/mod.ts";
import { eventually } from "../support/eventually.ts";
import { CONTROLLER_USER } from "./install.ts";

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

/** Takes grants away from the controller's ClusterRole; it has them again once the result is disposed of. */
export async function withdraw(
  client: KubeClient,
  ...grants: readonly Grant[]
): Promise<AsyncDisposable> {
  const isTaken = (apiGroup: string, resource: string, verb: string): boolean =>
    grants.some((grant) =>
      grant.apiGroup === apiGroup && grant.resource === resource && grant.verb === verb
    );
  const rest = RIGHTS.map((right) => ({
    ...right,
    verbs: right.verbs.filter((verb) => !isTaken(right.apiGroup, right.resource, verb)),
  }));
  await writeRole(client, rest);
  for (const grant of grants) {
    const what = `'${nameOf(grant)}' to be denied`;
    await eventually(async () => !(await isAllowed(client, grant)), { what });
  }
  return {
    [Symbol.asyncDispose]: async () => {
      await writeRole(client, RIGHTS);
      for (const grant of grants) {
        const what = `'${nameOf(grant)}' to be allowed`;
        await eventually(() => isAllowed(client, grant), { what });
      }
    },
  };
}

async function writeRole(client: KubeClient, rights: readonly Right[]): Promise<void> {
  const rules = rights
    .filter(({ verbs }) => verbs.length > 0)
    .map(({ apiGroup, resource, verbs }) => ({
      apiGroups: [apiGroup],
      resources: [resource],
      verbs,
    }));
  await client.request({
    method: "PATCH",
    path: `/apis/rbac.authorization.k8s.io/v1/clusterroles/${ROLE}`,
    contentType: "application/merge-patch+json",
    body: { rules },
  });
}

/** Whether the API server lets the account do that; it hears of a changed role a moment later. */
async function isAllowed(client: KubeClient, grant: Grant): Promise<boolean> {
  const [resource, subresource] = grant.resource.split("/");
  const { verb, apiGroup: group } = grant;
  const answer = await client.request({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: {
        user: CONTROLLER_USER,
        groups: ["system:serviceaccounts", "system:authenticated"],
        resourceAttributes: { namespace: "default", verb, group, resource, subresource },
      },
    },
  });
  // as: a review has a status.
  return (answer as { readonly status: { readonly allowed: boolean } }).status.allowed;
}

/** Counts the requests that were refused, as the controller's metrics do. */
export class Refusals {
  readonly #registry = new MetricsRegistry();
  /** For the clients whose requests are counted. */
  readonly observer: RequestObserver = requestMetrics(this.#registry, {
    host: "test",
    rights: RIGHTS,
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
