/** What a demo needs of the cluster that it plays on. */

import { EmbeddedCluster, type EmbeddedClusterOptions } from "../../embedded/mod.ts";
import type { Connection } from "../../kube/mod.ts";

/** A cluster whose pods run on this machine, as it is once it has been started. */
export interface DemoCluster {
  /** Which bitcoind the pods run, for people. */
  readonly bitcoind: string;
  /** A connection with all rights that a demo needs. */
  readonly connection: Connection;
  /** Namespace of the demo's network. */
  readonly namespace: string;
  /** The command that reaches the namespace with kubectl, without what to do there. */
  readonly kubectl: string;
  /** Rejects if a part of the cluster failed. */
  readonly ended: Promise<void>;
  /** The containers that run on this machine. */
  running(): readonly string[];
  /** Kills the containers of a pod, as the kernel would. */
  killPod(namespace: string, name: string): void;
  /** Starts it. */
  start(signal: AbortSignal): Promise<void>;
  /** Stops it, with nothing left of the demo. */
  close(): Promise<void>;
  /** For a process that ends now: kills all containers and removes all files at once. */
  abandon(): void;
}

/** A cluster in this process, for this demo alone. */
export class OwnCluster extends EmbeddedCluster implements DemoCluster {
  /** The one that kubectl uses when none is named. */
  readonly namespace = "default";

  /** Keeps its options. */
  constructor(options: EmbeddedClusterOptions) {
    super(options);
  }

  /** Names the kubeconfig that was made for the demo. */
  get kubectl(): string {
    return `KUBECONFIG=${this.kubeconfig} kubectl`;
  }
}
