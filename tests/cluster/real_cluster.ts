/** A real control plane with a node of processes on this machine: only the container is missing. */

import { LocalNode } from "../../lib/embedded/mod.ts";
import type { Connection, KubeClient } from "../../lib/kube/mod.ts";
import {
  type AuditRecord,
  ControlPlane,
  type ControlPlaneOptions,
  isWrite,
} from "../support/control_plane/mod.ts";
import {
  CONTROLLER_USER,
  controllerAccount,
  installAccount,
  installDefinition,
} from "./install.ts";
import type { Target } from "./target.ts";

/** How a {@linkcode RealCluster} is set up. */
export interface RealClusterOptions extends Pick<ControlPlaneOptions, "assets"> {
  /** Which bitcoind the pods run. */
  readonly bitcoind: "fake" | "real";
}

/** What it is made of. */
interface Parts {
  readonly plane: ControlPlane;
  readonly node: LocalNode;
  readonly token: string;
}

/** A cluster that is thrown away when it is disposed of, also after a failed test. */
export class RealCluster implements Target {
  /** Nodes cannot resolve names: there is no DNS. */
  readonly peerAddresses = "ip";
  /** Its control plane, for faults. */
  readonly plane: ControlPlane;
  /** Its only node, for faults. */
  readonly node: LocalNode;
  /** A token of the controller's service account. */
  readonly token: string;
  readonly #resources: AsyncDisposableStack;

  private constructor({ plane, node, token }: Parts, resources: AsyncDisposableStack) {
    this.plane = plane;
    this.node = node;
    this.token = token;
    this.#resources = resources;
  }

  /** Starts it, with the CRD and with the controller's service account. */
  static async start({ assets, bitcoind }: RealClusterOptions): Promise<RealCluster> {
    // deno-lint-ignore no-undef -- the linter does not know of this global yet
    await using resources = new AsyncDisposableStack();
    const plane = resources.use(await ControlPlane.start({ assets, prepare: installDefinition }));
    await installAccount(plane.client);
    const node = resources.use(
      new LocalNode({
        bitcoind,
        connection: plane.connection("kubelet"),
        scheduler: plane.connection("scheduler"),
        stopGraceMs: 5_000,
      }),
    );
    await node.start();
    const { namespace, name } = controllerAccount;
    const token = await plane.serviceAccountToken(namespace, name);
    return new RealCluster({ plane, node, token }, resources.move());
  }

  /** A client with all rights. */
  get client(): KubeClient {
    return this.plane.client;
  }

  /** Path of a kubeconfig file of the administrator. */
  get kubeconfig(): string {
    return this.plane.kubeconfig;
  }

  /** The connection of the controller, with no more than its rights. */
  get controller(): Connection {
    return this.plane.connectionWith(this.token, "the controller's service account");
  }

  /** Kills the processes of a pod, as the kernel would. */
  killPod(namespace: string, pod: string): void {
    this.node.machine.killPod(namespace, pod);
  }

  /** How many containers of a namespace run. */
  running(namespace: string): number {
    return this.containers(namespace).length;
  }

  /** The containers of a namespace that run, as `namespace/pod/container (id)`. */
  containers(namespace: string): readonly string[] {
    return this.node.machine.running().filter((name) => name.startsWith(`${namespace}/`));
  }

  /** The writes so far of the client with this user agent, such as `patch services`. */
  async writesOf(userAgent: string): Promise<readonly string[]> {
    return (await this.plane.audit())
      .filter((record) => isWrite(record) && record.userAgent.startsWith(userAgent))
      .map(({ verb, resource }) => `${verb} ${resource}`);
  }

  /** All requests of the controller's service account so far. */
  async controllerRequests(): Promise<readonly AuditRecord[]> {
    return (await this.plane.audit()).filter(({ user }) => user === CONTROLLER_USER);
  }

  /** Ends everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
