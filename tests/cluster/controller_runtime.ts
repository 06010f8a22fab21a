/** Runs the controller's containers as processes of this source, as the image would, and all others as fake bitcoinds. */

import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import {
  type ContainerConfig,
  ContainerStartError,
  FakeBitcoinRuntime,
  ProcessRuntime,
  type RunningContainer,
  type Runtime,
} from "../../lib/embedded/mod.ts";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));

/** Where a kubelet mounts what the API server gives a service account. */
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Port of health and metrics. */
const HTTP_PORT = 8080;

/** A runtime for a node of a cluster in which the controller is installed. */
export class ControllerRuntime implements Runtime {
  /** Shown as the container runtime of the node. */
  readonly name = "controller-and-fake-bitcoin";
  readonly #server: () => string;
  readonly #images: readonly string[];
  readonly #processes = new ProcessRuntime();
  readonly #nodes = new FakeBitcoinRuntime();

  /** `server` tells the URL of the API server, which a Service would; `images` are those of the controller that can be had. */
  constructor(server: () => string, images: readonly string[]) {
    this.#server = server;
    this.#images = images;
  }

  /** Starts a container: by its image one of the controller's, or one of a node. */
  async start(container: ContainerConfig, signal: AbortSignal): Promise<RunningContainer> {
    if (!/\bbitcoin-controller:/.test(container.image)) {
      return await this.#nodes.start(container, signal);
    }
    if (!this.#images.includes(container.image)) {
      throw new ContainerStartError("ErrImagePull", `there is no image '${container.image}'`);
    }
    return await this.#processes.start(await this.#processOf(container), signal);
  }

  /**
   * The same program with the arguments and the environment of the container. Only what a process cannot have differs:
   * files at the paths of a container, the address of a Service, and DNS.
   */
  async #processOf(container: ContainerConfig): Promise<ContainerConfig> {
    const { command, env, hostDir, ip, mounts } = container;
    const account = mounts.find(({ containerPath }) => containerPath === SERVICE_ACCOUNT);
    if (!account) throw new ContainerStartError("RunContainerError", "no service account");
    const kubeconfig = `${hostDir}/kubeconfig`;
    await Deno.writeTextFile(kubeconfig, kubeconfigOf(this.#server(), account.hostPath));
    const { POD_NAMESPACE = "" } = env;
    return {
      ...container,
      command: [
        ...[Deno.execPath(), "run", "-A", "--quiet", MAIN, ...command],
        ...["--kubeconfig", kubeconfig, "--listen", `${ip}:${HTTP_PORT}`],
        ...["--leader-elect", "--lease-namespace", POD_NAMESPACE, "--peer-addresses", "ip"],
      ],
      env: { ...env, DENO_DIR: denoDir() },
    };
  }
}

/** The files are read again as in a cluster: a kubelet replaces the token. */
function kubeconfigOf(server: string, folder: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "pod",
    clusters: [
      { name: "pod", cluster: { server, "certificate-authority": `${folder}/ca.crt` } },
    ],
    users: [{ name: "pod", user: { tokenFile: `${folder}/token` } }],
    contexts: [{ name: "pod", context: { cluster: "pod", user: "pod" } }],
  });
}

/** A container has a home of its own, and no packages in it. */
function denoDir(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}
