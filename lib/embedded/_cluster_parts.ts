/** The parts of an embedded cluster that are clients of its API server. */

import { getLogger } from "@logtape/logtape";

import { KubeClient } from "../kube/mod.ts";
import { Manager } from "../reconcile/mod.ts";
import { type Clock, linkedAbort } from "../time/mod.ts";
import type { ClusterUser, ClusterUsers } from "./_cluster_users.ts";
import {
  GarbageCollector,
  NamespaceController,
  Scheduler,
  StatefulSetController,
} from "./controllers/mod.ts";
import { type AddressAllocator, Kubelet, type Runtime } from "./kubelet/mod.ts";

const logger = getLogger(["bitcoin-controller", "embedded"]);

/** What the parts are made of. */
export interface ClusterPartsInit {
  readonly users: ClusterUsers;
  /** URL of the API server. */
  readonly server: string;
  readonly nodeName: string;
  readonly runtime: Runtime;
  /** Folder for the files of pods. */
  readonly folder: string;
  readonly addresses?: AddressAllocator;
  readonly stopGraceMs?: number;
  readonly clock: Clock;
}

/** The parts once they run. Disposing of them stops them; a failure is told by `ended` alone. */
export interface ClusterParts extends AsyncDisposable {
  /** Resolves when they have been stopped; rejects if one has failed, which stops the others. */
  readonly ended: Promise<void>;
}

/**
 * Starts the parts and waits until they are ready.
 *
 * @throws the error of a part that fails meanwhile, or the signal's reason
 */
export async function startClusterParts(
  init: ClusterPartsInit,
  signal: AbortSignal | undefined,
): Promise<ClusterParts> {
  const { users, server, nodeName, runtime, folder, addresses, stopGraceMs, clock } = init;
  // deno-lint-ignore no-undef -- the linter does not know of this global yet
  await using starting = new AsyncDisposableStack();
  const clientOf = (user: ClusterUser): KubeClient =>
    starting.use(new KubeClient(users.connection(user, server), { clock, userAgent: user }));

  const garbageCollector = new GarbageCollector({ client: clientOf("garbageCollector"), clock });
  const kubelet = new Kubelet({
    client: clientOf("kubelet"),
    nodeName,
    runtime,
    rootDir: folder,
    serverToken: users.serverToken,
    ...(addresses && { addresses }),
    ...(stopGraceMs !== undefined && { stopGraceMs }),
    clock,
  });
  const manager = new Manager([[
    new StatefulSetController({ client: clientOf("statefulSetController"), clock }),
    new NamespaceController({ client: clientOf("namespaceController"), clock }),
    new Scheduler({ client: clientOf("scheduler"), clock }),
    garbageCollector,
    kubelet,
  ]], { clock });

  const stop = new AbortController();
  const ended = manager.run(stop.signal);
  starting.defer(async () => {
    stop.abort(new Error("The cluster is closed"));
    await ended.catch(() => {}); // Whoever waits for `ended` hears of it.
  });
  using waiting = linkedAbort(signal, stop.signal);
  const ready = [garbageCollector.ready(waiting.signal), kubelet.ready(waiting.signal)];
  await Promise.race([Promise.all(ready), ended]);
  ended.catch((error) => logger.error("A part of the cluster failed, all of it stops", { error }));
  const resources = starting.move();
  return { ended, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
