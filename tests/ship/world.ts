/** A cluster whose controller runs in a container: with a service account that is mounted as a kubelet mounts it. */

import assert from "node:assert/strict";
import type { PodSpec } from "kubernetes-types/core/v1.d.ts";
import { DEFAULT_INSTALL } from "../../lib/cli/manifests/mod.ts";
import { ApiError, KubeClient, SECRETS } from "../../lib/kube/mod.ts";
import { controllerAccount } from "../cluster/install.ts";
import { Lab } from "../cluster/lab.ts";
import { RealCluster } from "../cluster/real_cluster.ts";
import { eventually } from "../support/eventually.ts";
import { type Container, runContainer } from "./container.ts";
import type { Containerd } from "./containerd.ts";
import { ServiceAccountVolume } from "./service_account.ts";

const ACCOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What it is made of. */
export interface WorldOptions {
  /** Folder with the programs of the control plane. */
  readonly assets: string;
  readonly containerd: Containerd;
  /** Folder for files, which is removed by others. */
  readonly folder: string;
  /** The controller's pod. */
  readonly pod: PodSpec;
}

/** A cluster that is thrown away when it is disposed of. */
export class World implements AsyncDisposable {
  /** A namespace for networks. */
  readonly lab: Lab;
  /** All tokens so far. */
  readonly tokens: string[] = [];
  readonly #options: WorldOptions;
  readonly #cluster: RealCluster;
  readonly #volume: ServiceAccountVolume;
  readonly #port = freePort();
  /** The object that the token is bound to, as a pod's is to the pod. */
  #bound = "";

  private constructor(options: WorldOptions, cluster: RealCluster, volume: ServiceAccountVolume) {
    this.#options = options;
    this.#cluster = cluster;
    this.#volume = volume;
    this.lab = new Lab(cluster, "shipped");
  }

  /** Starts the cluster; the controller's turn is {@linkcode World.run}. */
  static async start(options: WorldOptions): Promise<World> {
    const folder = `${options.folder}/service-account`;
    await Deno.mkdir(folder, { mode: 0o755 });
    // The folders above are for their owner alone; runc, which mounts it, is root.
    const cluster = await RealCluster.start({ assets: options.assets, bitcoind: "fake" });
    await using resources = new globalThis.AsyncDisposableStack();
    const world = resources.use(new World(options, cluster, new ServiceAccountVolume(folder)));
    await world.lab.setUp();
    await world.#newToken();
    resources.move();
    return world;
  }

  /** Runs the controller. */
  async run(): Promise<Container> {
    const { containerd, pod } = this.#options;
    const { hostname, port } = new URL(this.#cluster.plane.server);
    return await runContainer(containerd, pod, {
      image: `docker.io/library/${DEFAULT_INSTALL.image}`,
      entrypoint: ["/bitcoin-controller"],
      args: [
        `--listen=127.0.0.1:${this.#port}`,
        `--peer-addresses=${this.#cluster.peerAddresses}`,
      ],
      env: {
        POD_NAME: "shipped-0",
        POD_NAMESPACE: controllerAccount.namespace,
        KUBERNETES_SERVICE_HOST: hostname,
        KUBERNETES_SERVICE_PORT: port,
      },
      mounts: { [ACCOUNT_PATH]: this.#volume.folder },
    });
  }

  /** Waits until the controller says that it is ready. */
  async untilReady(): Promise<void> {
    await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${this.#port}/readyz`).catch(() => undefined);
      await answer?.body?.cancel();
      return answer?.status === 200;
    }, { what: "the controller to be ready", timeoutMs: 30_000 });
  }

  /** Swaps the token for a new one, and voids the old one; returns when the API server refuses that. */
  async rotateToken(): Promise<void> {
    const { plane } = this.#cluster;
    const oldToken = this.tokens.at(-1) ?? "";
    const secrets = plane.client.resource(SECRETS, controllerAccount.namespace);
    const oldBound = this.#bound;
    await this.#newToken();
    await secrets.delete(oldBound);
    using client = new KubeClient(plane.connectionWith(oldToken, "the old token"));
    // The API server remembers for some seconds that it was valid.
    await eventually(
      () => client.request({ path: "/version" }).then(() => false, isRefused),
      { what: "the old token to be refused", timeoutMs: 30_000 },
    );
  }

  /** Asks the controller to stop as a kubelet does. */
  async stop(container: Container): Promise<{ readonly code: number; readonly tookMs: number }> {
    const startMs = performance.now();
    await container.kill("SIGTERM");
    return { code: await container.exited, tookMs: performance.now() - startMs };
  }

  /** Starts and stops the controller; the time from `exec` to its first list request, in ms. */
  async coldStart(): Promise<number> {
    const container = await this.run();
    const { startedAtMs } = container;
    const tookMs = await eventually(async () => {
      const requests = await this.#cluster.controllerRequests();
      // What the audit log says is precise; when the program was started is known to a millisecond or two.
      const first = requests.find(({ verb, atMs }) => verb === "list" && atMs > startedAtMs - 5);
      return first && first.atMs - startedAtMs;
    }, { what: "the first list", timeoutMs: 30_000 });
    const { code } = await this.stop(container);
    assert.equal(code, 0, container.log());
    return tookMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cluster[Symbol.asyncDispose]();
  }

  async #newToken(): Promise<void> {
    const { plane } = this.#cluster;
    const { namespace, name } = controllerAccount;
    const secrets = plane.client.resource(SECRETS, namespace);
    const { metadata: { uid, name: bound } } = await secrets.create({
      metadata: { name: `bound-${this.tokens.length}` },
    });
    const token = await plane.serviceAccountToken(namespace, name, {
      boundTo: { apiVersion: "v1", kind: "Secret", name: bound, uid },
    });
    this.tokens.push(token);
    this.#bound = bound;
    await this.#volume.write({ token, "ca.crt": plane.authority.cert, namespace });
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof ApiError && error.isUnauthorized;
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  // as: a TCP listener has an address with a port.
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}
