/** What other programs did while the exchanges were captured: the StatefulSet controller made a pod and wrote a status. */

import type { CapturedRequest, Exchange } from "./_exchanges.ts";

const USER_AGENT = "kube-controller-manager";
const STATEFUL_SET = "/apis/apps/v1/namespaces/fixtures/statefulsets/a-sts";

/** What is asked of the server in the place of the StatefulSet controller, before the exchange with this name. */
export function controllerRequests(
  next: string,
  exchanges: readonly Exchange[],
): readonly CapturedRequest[] {
  switch (next) {
    case "pod made by the StatefulSet":
      return [createPod(bodyOf(exchanges, next)), statusOf(exchanges, 1, 0)];
    case "StatefulSet status after a pod is Ready":
      return [statusOf(exchanges, 1, 1)];
    default:
      return [];
  }
}

// deno-lint-ignore no-explicit-any -- a captured body has the shape that was captured
type Body = any;

function bodyOf(exchanges: readonly Exchange[], name: string): Body {
  return exchanges.find((exchange) => exchange.name === name)?.response.body;
}

function createPod({ metadata, spec }: Body): CapturedRequest {
  const { name, generateName, labels, ownerReferences } = metadata;
  const {
    containers: [container],
    restartPolicy,
    terminationGracePeriodSeconds,
    dnsPolicy,
    securityContext,
    hostname,
    subdomain,
    schedulerName,
  } = spec;
  const { volumeMounts: _, ...own } = container;
  return {
    method: "POST",
    path: "/api/v1/namespaces/fixtures/pods",
    headers: { "content-type": "application/json", "user-agent": USER_AGENT },
    body: {
      metadata: { name, generateName, labels, ownerReferences },
      spec: {
        containers: [own],
        restartPolicy,
        terminationGracePeriodSeconds,
        dnsPolicy,
        securityContext,
        hostname,
        subdomain,
        schedulerName,
      },
    },
  };
}

function statusOf(
  exchanges: readonly Exchange[],
  replicas: number,
  ready: number,
): CapturedRequest {
  const { status: final } = bodyOf(exchanges, "StatefulSet status after a pod is Ready");
  const { readyReplicas: _, ...others } = final;
  const status = {
    ...others,
    replicas,
    availableReplicas: ready,
    ...(ready > 0 ? { readyReplicas: ready } : {}),
  };
  return {
    method: "PATCH",
    path: `${STATEFUL_SET}/status`,
    headers: { "content-type": "application/merge-patch+json", "user-agent": USER_AGENT },
    body: { status },
  };
}
