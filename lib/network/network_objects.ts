/** The objects of a network in one run: kept, or why not. */

import { getLogger } from "@logtape/logtape";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { ApiError, controllerOf, type KubeClient, type Stored } from "../kube/mod.ts";
import { isAbort } from "../time/mod.ts";
import { messageOf } from "./_message_of.ts";
import type { Stall } from "./conditions.ts";
import type { Credentials } from "./credentials.ts";
import type { Memory } from "./memory.ts";
import type { NetworkWorld } from "./network_world.ts";
import { LeftoverError, stallOf } from "./owned_object.ts";
import type { StoredNetwork } from "./resource.ts";
import type { NetworkEvent } from "./transitions.ts";

const logger = getLogger(["bitcoin-controller", "network"]);

/** What it takes to keep them. */
export interface NetworkObjectsOptions {
  /** Writes. */
  readonly client: KubeClient;
  /** Reads. */
  readonly world: Pick<NetworkWorld, "service" | "statefulSet">;
  /** Tells people what was done. */
  readonly tell: (event: NetworkEvent) => void;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** What was found out in a run about the objects of a network. */
export interface NetworkObjects {
  /** Credentials of the nodes' RPC, or those that they had last. */
  readonly credentials: Credentials | undefined;
  /** The StatefulSet, if it is the network's. */
  readonly set: Readonly<Stored<StatefulSet>> | undefined;
  /** What a person must mend. */
  readonly stall: Stall | undefined;
  /** Why an object could not be written, this time. */
  readonly failure: unknown;
  /** Whether the StatefulSet of a new network was created just now. */
  readonly isSetNew: boolean;
  /** Why the objects are not known to be as wanted; there where `stall` or `failure` is, too. */
  readonly unkept: unknown;
}

/** Keeps the objects of a network as its spec wants them; what keeps it from that is part of what is returned. */
export async function keepNetworkObjects(
  network: StoredNetwork,
  memory: Memory,
  { client, world, tell, signal }: NetworkObjectsOptions,
): Promise<NetworkObjects> {
  const { problems, settings } = memory.spec.read(network);
  const { name, namespace = "", uid } = network.metadata;
  const known = world.statefulSet(namespace, name);
  const own = known && controllerOf(known)?.uid === uid ? known : undefined;
  const nothing = { failure: undefined, unkept: undefined, isSetNew: false };
  if (!settings) {
    const stall: Stall = { reason: "InvalidConfig", message: problems.join("; ") };
    return { ...nothing, credentials: undefined, set: own, stall };
  }
  try {
    const kept = await memory.objects.keep({
      client,
      secrets: memory.secrets,
      writes: memory.writes,
      owner: { name, namespace, uid },
      settings,
      isNew: network.status?.observedGeneration === undefined,
      service: world.service(namespace, name),
      set: known,
      beforeRollout: () => memory.status.announceRollout(network, settings.nodes, signal),
      tell,
      signal,
    });
    memory.failure = undefined;
    memory.credentials = kept.credentials;
    return { ...nothing, stall: undefined, ...kept };
  } catch (error) {
    const isGoing = error instanceof ApiError && error.isNamespaceTerminating;
    const isPassing = isGoing || error instanceof LeftoverError;
    const stall = isPassing ? undefined : stallOf(error);
    if (isAbort(error, signal)) throw error;
    const failure = stall || isPassing ? undefined : error;
    const isNews = memory.failure !== messageOf(error);
    memory.failure = messageOf(error);
    // What a person must mend is loud, once; of a namespace that goes there is nothing to tell.
    const level = !isNews || isGoing ? "debug" : isPassing ? "info" : "warn";
    logger[level]("Cannot keep the objects of a network yet", {
      network: name,
      namespace,
      error: stall?.message ?? error,
    });
    const { credentials } = memory;
    return { credentials, set: own, stall, failure, unkept: error, isSetNew: false };
  }
}
