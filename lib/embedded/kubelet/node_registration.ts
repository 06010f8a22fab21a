/** Keeps the node known to the API server: its Node object, and the Lease that says it is alive. */

import { getLogger } from "@logtape/logtape";
import type { Node } from "kubernetes-types/core/v1.d.ts";
import { isDeepStrictEqual } from "node:util";

import { ApiError, type KubeClient, LEASES, NODES } from "../../kube/mod.ts";
import { Backoff, type Clock, isAbort, microTime } from "../../time/mod.ts";
import { pause } from "./_pause.ts";

const logger = getLogger(["bitcoin-controller", "embedded"]);

/** Namespace of the leases of nodes. */
const LEASE_NAMESPACE = "kube-node-lease";
/** How long a lease holds without renewal, in seconds (kubelet `nodeLeaseDurationSeconds`). */
const LEASE_SECONDS = 40;
/** Waits between attempts to register (kubelet `tryRegisterWithAPIServer`: 100 ms to 7 s). */
const REGISTER_BACKOFF = {
  initialMs: 100,
  factor: 2,
  maxMs: 7000,
  jitter: 0.1,
  resetAfterMs: 60_000,
} as const;

/** Registers the node, however long that takes; says whether it did before the signal was aborted. */
export async function keepRegistering(
  client: KubeClient,
  node: Node,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const backoff = new Backoff({ ...REGISTER_BACKOFF, clock });
  while (!signal.aborted) {
    try {
      await registerNode(client, node, signal);
      return true;
    } catch (error) {
      if (isAbort(error, signal)) return false;
      const retryMs = backoff.next();
      logger.warn("Cannot register node, will retry", {
        node: node.metadata?.name,
        retryMs,
        error,
      });
      await pause(clock, retryMs, signal);
    }
  }
  return false;
}

/**
 * Renews the lease of a node every `intervalMs` milliseconds, whatever happens, until the signal is aborted. A cluster
 * that took the node for dead because it could not be reached hears that it is not.
 */
export async function keepRenewing(
  client: KubeClient,
  node: Node,
  intervalMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const name = node.metadata?.name ?? "";
  do {
    try {
      await renewLease(client, name, clock.now(), signal);
      await keepReady(client, node, signal);
    } catch (error) {
      if (isAbort(error, signal)) return;
      logger.warn("Cannot renew the lease of node, will retry", { node: name, error });
    }
  } while (!await pause(clock, intervalMs, signal));
}

/** Creates the Node, or brings the status of the one that is there up to date. */
async function registerNode(
  client: KubeClient,
  node: Node,
  signal: AbortSignal,
): Promise<void> {
  const nodes = client.resource(NODES);
  const name = node.metadata?.name ?? "";
  let stored: Node;
  try {
    stored = await nodes.create(node, { signal });
  } catch (error) {
    if (!(error instanceof ApiError && error.isAlreadyExists)) throw error;
    stored = await nodes.get(name, { signal });
  }
  // A server may drop the status of a create.
  const { addresses, daemonEndpoints } = stored.status ?? {};
  const current = isDeepStrictEqual(addresses, node.status?.addresses) &&
    isDeepStrictEqual(daemonEndpoints, node.status?.daemonEndpoints);
  if (!current) await nodes.status.mergePatch(name, { status: node.status }, { signal });
}

/** Puts the conditions back that a node lifecycle controller overwrote while it did not hear of the node. */
async function keepReady(client: KubeClient, node: Node, signal: AbortSignal): Promise<void> {
  const nodes = client.resource(NODES);
  const name = node.metadata?.name ?? "";
  const { status } = await nodes.get(name, { signal });
  const conditions = node.status?.conditions ?? [];
  const isSaid = conditions.every(({ type, status: said }) =>
    status?.conditions?.some((found) => found.type === type && found.status === said)
  );
  if (!isSaid) await nodes.status.mergePatch(name, { status: { conditions } }, { signal });
}

/** Says that the node is alive, now. */
async function renewLease(
  client: KubeClient,
  name: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const leases = client.resource(LEASES, LEASE_NAMESPACE);
  const spec = {
    holderIdentity: name,
    leaseDurationSeconds: LEASE_SECONDS,
    renewTime: microTime(nowMs),
  };
  try {
    await leases.mergePatch(name, { spec }, { signal });
  } catch (error) {
    if (!(error instanceof ApiError && error.isNotFound)) throw error;
    await leases.create({ metadata: { name, namespace: LEASE_NAMESPACE }, spec }, { signal });
  }
}
