/** A real control plane with stand-ins for kubelet and bitcoinds, and the compiled controller, as its service account. */

import { ControlPlane } from "../../tests/support/control_plane/mod.ts";
import {
  controllerAccount,
  installAccount,
  installDefinition,
} from "../../tests/cluster/install.ts";
import type { KubeClient } from "../../lib/kube/mod.ts";
import { V8_FLAGS } from "../../tasks/v8_flags.ts";
import { BINARY, buildBinary, compile } from "../_binary.ts";
import { Process, run } from "../_process.ts";

/** As in Dockerfile.scratch. */
const ENVIRONMENT = { MALLOC_ARENA_MAX: "1" };

/** How a {@linkcode RealCluster} is set up. */
export interface RealClusterOptions {
  /**
   * Whether kube-controller-manager and the stand-in kubelet run.
   *
   * @default {true}
   */
  readonly controllers?: boolean;
}

/** Runs until it is disposed of. */
export class RealCluster implements AsyncDisposable {
  /** Its control plane. */
  readonly plane: ControlPlane;
  /** A kubeconfig of the controller's service account. */
  readonly kubeconfig: string;
  readonly #resources: AsyncDisposableStack;

  private constructor(plane: ControlPlane, kubeconfig: string, resources: AsyncDisposableStack) {
    this.plane = plane;
    this.kubeconfig = kubeconfig;
    this.#resources = resources;
  }

  /**
   * Starts it, with the programs of `KUBEBUILDER_ASSETS`.
   *
   * @throws {Error} if there are none, or the controller cannot be compiled
   */
  static async start({ controllers = true }: RealClusterOptions = {}): Promise<RealCluster> {
    const assets = Deno.env.get("KUBEBUILDER_ASSETS");
    if (!assets) {
      throw new Error("Cannot start a control plane: KUBEBUILDER_ASSETS names no folder with one");
    }
    await buildBinary();
    // deno-lint-ignore no-undef -- the linter does not know of this global yet
    await using resources = new AsyncDisposableStack();
    const prepare = installDefinition;
    const plane = resources.use(await ControlPlane.start({ assets, prepare, controllers }));
    await installAccount(plane.client);
    const { namespace, name } = controllerAccount;
    const token = await plane.serviceAccountToken(namespace, name);
    const kubeconfig = `${plane.folder}/controller.kubeconfig`;
    await Deno.writeTextFile(kubeconfig, plane.kubeconfigText(token));
    const standIn = resources.use(
      startDeno("bench/real/stand_in.ts", controllers ? [plane.kubeconfig] : []),
    );
    await standIn.line();
    return new RealCluster(plane, kubeconfig, resources.move());
  }

  /** A client that may do everything. */
  get client(): KubeClient {
    return this.plane.client;
  }

  /** Starts the controller; it is not ready yet. */
  startController(...args: readonly string[]): Process {
    const command = ["run", "--kubeconfig", this.kubeconfig, "--peer-addresses", "ip"];
    return Process.start(BINARY, [...command, "--log-level", "error", ...args], ENVIRONMENT);
  }

  /** Starts `plain_loop.ts` for a namespace, with the rights of the controller. */
  startPlainLoop(namespace: string, requests: number): Process {
    return startDeno("bench/real/plain_loop.ts", [this.kubeconfig, namespace, String(requests)]);
  }

  /** Starts `poller.ts`, compiled like the controller, for the pods with the first `count` addresses. */
  async startPoller(count: number, seconds: number): Promise<Process> {
    const file = `${this.plane.folder}/poller`;
    const bundle = ["bundle", "--quiet", "--platform=deno", `--output=${file}.js`];
    await run(Deno.execPath(), [...bundle, "bench/real/poller.ts"]);
    await compile(`${file}.js`, file, "--allow-net", `--v8-flags=${V8_FLAGS}`);
    return Process.start(file, ["1", String(count), String(seconds)], ENVIRONMENT);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

/** Starts a script as the binary would be. */
function startDeno(script: string, args: readonly string[]): Process {
  const command = ["run", "-A", "--quiet", `--v8-flags=${V8_FLAGS}`, script, ...args];
  return Process.start(Deno.execPath(), command, ENVIRONMENT);
}
