/** The demo on an API server of somebody else's: it brings the node and the controller, in a namespace of its own. */

import { type BitcoindChoice, LocalNode } from "../../embedded/mod.ts";
import {
  ApiError,
  type Connection,
  ifFound,
  KubeClient,
  LEASES,
  loadConnection,
  NAMESPACES,
  NODES,
} from "../../kube/mod.ts";
import type { DemoCluster } from "./demo_cluster.ts";
import { serverVersion } from "../server_version.ts";
import { NotYet, until } from "../until.ts";

/** Namespace of the demo: made at its start and deleted, with all that is in it, at its end. */
const NAMESPACE = "bitcoin-controller-demo";
/** Name of the node that stands for this machine. */
const NODE = "bitcoin-controller-demo";
/** How long the namespace and what is in it may take to go, in ms. */
const GONE_WITHIN_MS = 60_000;

/** Whose cluster it is, and what runs there. */
export interface BorrowedClusterOptions {
  /** Path of a kubeconfig. */
  readonly kubeconfig: string;
  /** Context of it; its current one if absent. */
  readonly context?: string | undefined;
  /** Which bitcoind the pods run. */
  readonly bitcoind: BitcoindChoice;
}

/** What there is while the demo runs. */
interface Running {
  readonly client: KubeClient;
  readonly node: LocalNode;
}

/**
 * An API server with its controllers and without nodes, such as one of envtest. This machine becomes its only node.
 *
 * Pods of a cluster that has nodes would run on those, so such a cluster is refused: `run` is for it.
 */
export class BorrowedCluster implements DemoCluster {
  /** One that nobody else uses. */
  readonly namespace = NAMESPACE;
  readonly #options: BorrowedClusterOptions;
  #running: Running | undefined;

  /** Keeps its options. */
  constructor(options: BorrowedClusterOptions) {
    this.#options = options;
  }

  /** Registers this machine as a node and makes the namespace. */
  async start(signal: AbortSignal): Promise<void> {
    const { kubeconfig, context, bitcoind } = this.#options;
    const connection = await loadConnection({ kubeconfig, context });
    const client = new KubeClient(connection, { userAgent: "bitcoin-controller-demo" });
    const scheduler = connection;
    const node = new LocalNode({ connection, scheduler, bitcoind, nodeName: NODE });
    try {
      await serverVersion(client, signal);
      await refuseNodes(client, signal);
      await makeNamespace(client, signal);
    } catch (error) {
      client.close();
      throw error;
    }
    // From here on there is something to clean up, even if the node does not start.
    this.#running = { client, node };
    await node.start(signal);
  }

  /** Which bitcoind the pods run. */
  get bitcoind(): string {
    return this.#started.node.machine.bitcoind;
  }

  /** That of the kubeconfig. */
  get connection(): Connection {
    return this.#started.client.connection;
  }

  /** Names the kubeconfig, its context and the namespace. */
  get kubectl(): string {
    const { kubeconfig, context } = this.#options;
    const chosen = context === undefined ? "" : ` --context ${context}`;
    return `KUBECONFIG=${kubeconfig} kubectl${chosen} -n ${NAMESPACE}`;
  }

  /** Rejects if the node failed. */
  get ended(): Promise<void> {
    return this.#started.node.ended;
  }

  /** The containers that run on this machine. */
  running(): readonly string[] {
    return this.#started.node.machine.running();
  }

  /** Kills the containers of a pod. */
  killPod(namespace: string, name: string): void {
    this.#started.node.machine.killPod(namespace, name);
  }

  /** Deletes the namespace while the node can still end its pods, then the node. The CRD stays: it may be somebody's. */
  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    const { client, node } = running;
    try {
      await deleteNamespace(client);
    } finally {
      await node.close();
      await ifFound(client.resource(LEASES, "kube-node-lease").delete(NODE));
      await ifFound(client.resource(NODES).delete(NODE));
      client.close();
    }
  }

  /** Kills the containers; what is in the API stays, for nobody can wait for it. */
  abandon(): void {
    this.#running?.node.abandon();
  }

  get #started(): Running {
    if (!this.#running) throw new TypeError("Cannot use the cluster: it does not run");
    return this.#running;
  }
}

async function refuseNodes(client: KubeClient, signal: AbortSignal): Promise<void> {
  const { items } = await client.resource(NODES).list({ signal });
  const theirs = items.map(({ metadata }) => metadata.name).filter((name) => name !== NODE);
  const [first] = theirs;
  if (first === undefined) return;
  const more = theirs.length > 1 ? ` and ${theirs.length - 1} more` : "";
  throw new Error(
    `Cannot play the demo on ${client.connection.description}: it has nodes of its own ('${first}'${more}), ` +
      "on which its pods would run; use 'bitcoin-controller run' there",
  );
}

async function makeNamespace(client: KubeClient, signal: AbortSignal): Promise<void> {
  try {
    await client.resource(NAMESPACES).create({ metadata: { name: NAMESPACE } }, { signal });
  } catch (cause) {
    if (!(cause instanceof ApiError && cause.isAlreadyExists)) throw cause;
    throw new Error(
      `Cannot play the demo on ${client.connection.description}: namespace '${NAMESPACE}' is there already; ` +
        `another demo runs, or one was killed: delete it with 'kubectl delete namespace ${NAMESPACE}'`,
      { cause },
    );
  }
}

async function deleteNamespace(client: KubeClient): Promise<void> {
  const namespaces = client.resource(NAMESPACES);
  await ifFound(namespaces.delete(NAMESPACE));
  await until(`namespace '${NAMESPACE}' to be gone`, async () => {
    if (await namespaces.find(NAMESPACE)) throw new NotYet("it is still there");
  }, { timeoutMs: GONE_WITHIN_MS, everyMs: 200 });
}
