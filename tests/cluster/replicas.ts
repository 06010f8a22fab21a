/** Replicas of the controller as processes of their own, on a cluster that remembers who wrote what. */

import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { EmbeddedCluster } from "../../lib/embedded/mod.ts";
import { type KubeClient, LEASES, SERVICES } from "../../lib/kube/mod.ts";
import { API_VERSION, BITCOIN_NETWORKS, KIND, LEASE_NAME } from "../../lib/network/mod.ts";
import { ControlPlane, isWrite } from "../support/control_plane/mod.ts";
import { eventually, until } from "../support/eventually.ts";
import { type RunningProgram, startProgram } from "../support/program.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { controllerAccount, installAccount, installDefinition } from "./install.ts";

/** Networks that give the leader work. */
const NETWORKS = ["one", "two", "three"] as const;

/** Time between two changes that the leader has to put right, in ms. */
const CHANGE_MS = 20;

/** One request of a replica. */
export interface ReplicaRequest {
  /** Name of the replica. */
  readonly replica: string;
  /** Whether it is meant to change something. */
  readonly isWrite: boolean;
  /** Verb, kind and name: `update leases bitcoin-controller`. */
  readonly what: string;
  /** HTTP status of the answer. */
  readonly code: number;
}

/** A cluster for replicas, which has no nodes: what they write is objects and events. */
export interface ReplicaCluster extends AsyncDisposable {
  /** A client with all rights. */
  readonly client: KubeClient;
  /** A kubeconfig for the controller. */
  readonly kubeconfig: string;
  /** Where the Lease is. */
  readonly leaseNamespace: string;
  /** All requests of replicas so far, in the order in which they came. */
  readonly requests: () => Promise<readonly ReplicaRequest[]>;
}

/** The embedded API server. */
export async function embeddedCluster(): Promise<ReplicaCluster> {
  const cluster = new EmbeddedCluster({ bitcoind: "fake" });
  await cluster.start();
  await installDefinition(cluster.client);
  return {
    client: cluster.client,
    kubeconfig: await Deno.readTextFile(cluster.kubeconfig),
    leaseNamespace: "default",
    requests: () =>
      Promise.resolve(
        cluster.api.requests.flatMap((request) => requestsOf(request, request.write)),
      ),
    [Symbol.asyncDispose]: () => cluster.close(),
  };
}

/** A real control plane, from the folder `assets`; the replicas are the controller's service account there. */
export async function realCluster(assets: string): Promise<ReplicaCluster> {
  const plane = await ControlPlane.start({ assets, prepare: installDefinition });
  await installAccount(plane.client);
  const { namespace, name } = controllerAccount;
  const token = await plane.serviceAccountToken(namespace, name);
  return {
    client: plane.client,
    kubeconfig: plane.kubeconfigText(token),
    leaseNamespace: namespace,
    requests: async () =>
      (await plane.audit()).sort((a, b) => a.atMs - b.atMs)
        .flatMap((record) => requestsOf(record, isWrite(record))),
    [Symbol.asyncDispose]: () => plane[Symbol.asyncDispose](),
  };
}

/** A request as one of a replica, which stands in the user agent behind the program; nothing if it is of somebody else. */
function requestsOf(
  { userAgent, verb, resource, name, code }: {
    readonly userAgent: string;
    readonly verb: string;
    readonly resource: string;
    readonly name: string;
    readonly code: number;
  },
  isWrite: boolean,
): ReplicaRequest[] {
  const [, replica] = /^bitcoin-controller\/\S+ (\S+) /.exec(userAgent) ?? [];
  return replica === undefined
    ? []
    : [{ replica, isWrite, what: `${verb} ${resource} ${name}`, code }];
}

/** One replica. */
export interface Replica extends AsyncDisposable {
  /** Its name: that of its pod, in a real cluster. */
  readonly name: string;
  /** Its process. */
  readonly program: RunningProgram;
  /** Waits until it has logged that. */
  logged(message: string): Promise<void>;
}

/** What came of an election. */
export interface Term {
  /** Who leads. */
  readonly leader: Replica;
  /** How long it took from the call until the Lease named it, in ms. */
  readonly tookMs: number;
}

/** Starts replicas and keeps them busy. */
export class Replicas implements AsyncDisposable {
  readonly #cluster: ReplicaCluster;
  readonly #folder: string;
  readonly #stop = new AbortController();
  // deno-lint-ignore no-undef -- the linter does not know of this global yet
  readonly #started = new AsyncDisposableStack();
  #working: Promise<void> = Promise.resolve();

  private constructor(cluster: ReplicaCluster, folder: string) {
    this.#cluster = cluster;
    this.#folder = folder;
  }

  /** Creates networks, and from when they have their objects on changes those all the time. */
  static async on(cluster: ReplicaCluster): Promise<Replicas> {
    const replicas = new Replicas(cluster, await Deno.makeTempDir({ prefix: "replicas-" }));
    const networks = cluster.client.resource(BITCOIN_NETWORKS, "default");
    for (const name of NETWORKS) {
      await networks.create({
        apiVersion: API_VERSION,
        kind: KIND,
        metadata: { name },
        spec: { nodes: 1 },
      });
    }
    replicas.#working = replicas.#makeWork();
    return replicas;
  }

  /**
   * Starts a replica.
   *
   * @param proxy carries its requests, if there is one
   */
  async start(name: string, flags: readonly string[] = [], proxy?: TcpProxy): Promise<Replica> {
    const file = `${this.#folder}/${name}.kubeconfig`;
    const { kubeconfig, leaseNamespace } = this.#cluster;
    await Deno.writeTextFile(file, proxy ? throughProxy(kubeconfig, proxy) : kubeconfig);
    const program = this.#started.use(
      await startProgram([
        ...["run", "--leader-elect", "--kubeconfig", file, "--lease-namespace", leaseNamespace],
        ...["--namespace", "default", "--peer-addresses", "ip", "--poll", "1", ...flags],
      ], { POD_NAME: name }),
    );
    return {
      name,
      program,
      logged: async (message) => {
        await eventually(() => program.stderr().includes(message), {
          what: `'${message}' in the log of '${name}', which is\n${program.stderr()}`,
          timeoutMs: 60_000,
        });
      },
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    };
  }

  /** Waits until one of the candidates holds the Lease, and writes. */
  async elected(...candidates: readonly Replica[]): Promise<Term> {
    const start = performance.now();
    const said = candidates.map(({ program }) => program.stderr()).join("\n");
    const leases = this.#cluster.client.resource(LEASES, this.#cluster.leaseNamespace);
    const leader = await until(leases, (found) => {
      const lease = found.find(({ metadata }) => metadata.name === LEASE_NAME);
      return candidates.find(({ name }) => lease?.spec?.holderIdentity?.startsWith(`${name}_`));
    }, { what: `a leader, after they said\n${said}`, timeoutMs: 60_000 });
    const tookMs = performance.now() - start;
    await eventually(
      async () => (await this.#writers()).includes(leader.name),
      { what: `a write of '${leader.name}'`, timeoutMs: 60_000 },
    );
    return { leader, tookMs };
  }

  /** How many writes of each leader came after the first one of a leader after it, by name; those that have none are left out. */
  async lateWrites(leaders: readonly string[]): Promise<Readonly<Record<string, number>>> {
    const writers = await this.#writers();
    const late = leaders.map((name, index): [string, number] => {
      const next = writers.findIndex((writer) => leaders.indexOf(writer) > index);
      return [name, next < 0 ? 0 : writers.slice(next).filter((writer) => writer === name).length];
    });
    return Object.fromEntries(late.filter(([, count]) => count > 0));
  }

  /** The requests of replicas that were refused for want of rights. */
  async refused(): Promise<readonly string[]> {
    return (await this.#cluster.requests()).filter(({ code }) => code === 403).map(({ what }) =>
      what
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("the test is over"));
    await this.#working;
    await this.#started.disposeAsync();
    await Deno.remove(this.#folder, { recursive: true });
  }

  /** Who wrote what but the Lease, in order. */
  async #writers(): Promise<readonly string[]> {
    const requests = await this.#cluster.requests();
    return requests
      .filter(({ isWrite, what }) => isWrite && !what.includes(" leases "))
      .map(({ replica }) => replica);
  }

  /** Takes a field off each Service in turn, which the leader puts back, and tells in an event. */
  async #makeWork(): Promise<void> {
    const { signal } = this.#stop;
    const services = this.#cluster.client.resource(SERVICES, "default");
    while (!signal.aborted) {
      for (const name of NETWORKS) {
        const patch = { spec: { publishNotReadyAddresses: false } };
        await services.mergePatch(`${name}-svc`, patch).catch(() => {}); // It is not there yet.
        await new Promise((resolve) => setTimeout(resolve, CHANGE_MS));
      }
    }
  }
}

function throughProxy(kubeconfig: string, { port }: TcpProxy): string {
  const config = parse(kubeconfig);
  for (const { cluster } of config.clusters) {
    const url = new URL(cluster.server);
    url.port = `${port}`;
    cluster.server = url.href;
  }
  return stringify(config);
}

/** A proxy to the API server of a kubeconfig. */
export function proxyTo({ kubeconfig }: ReplicaCluster): TcpProxy {
  const { port } = new URL(parse(kubeconfig).clusters[0].cluster.server);
  assert.notEqual(port, "");
  return new TcpProxy(Number(port));
}
