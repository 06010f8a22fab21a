/** What pods run on: a runtime of this machine and a folder on it, with nothing left of either afterwards. */

import { type Clock, systemClock } from "../time/mod.ts";
import { chooseRuntime } from "./_runtime.ts";
import { FakeBitcoinRuntime } from "./bitcoin/mod.ts";
import type { BitcoindChoice } from "./bitcoind_choice.ts";
import type { Runtime } from "./kubelet/mod.ts";
import { TrackingRuntime } from "./tracking_runtime.ts";

/** How a {@linkcode Machine} is set up. */
export interface MachineOptions {
  /**
   * Which bitcoind the pods run.
   *
   * @default {"auto"}
   */
  readonly bitcoind?: BitcoindChoice;
  /**
   * Runs the containers in place of what `bitcoind` chooses.
   *
   * @default {processes of this machine, or the fake bitcoind}
   */
  readonly runtime?: Runtime;
  /**
   * Folder in which it makes a folder of its own, which it removes at the end.
   *
   * @default {the system's folder for temporary files}
   */
  readonly directory?: string;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** A runtime and a folder. Disposing of it removes the folder; containers are ended by the kubelet that started them. */
export class Machine implements AsyncDisposable {
  /** Which bitcoind the pods run, for people. */
  readonly bitcoind: string;
  /** Folder for the files of pods and whatever else belongs to the cluster. */
  readonly folder: string;
  /** Starts containers. */
  readonly runtime: TrackingRuntime;
  /** The fake nodes, for faults on demand; undefined if the nodes are real. */
  readonly fake: FakeBitcoinRuntime | undefined;

  private constructor(bitcoind: string, folder: string, inner: Runtime) {
    this.bitcoind = bitcoind;
    this.folder = folder;
    this.runtime = new TrackingRuntime(inner);
    this.fake = inner instanceof FakeBitcoinRuntime ? inner : undefined;
  }

  /**
   * Chooses the runtime and makes the folder.
   *
   * @throws {BitcoindNotFoundError} if a real bitcoind is asked for and there is none
   */
  static async prepare(options: MachineOptions = {}): Promise<Machine> {
    const { directory, clock = systemClock } = options;
    const { runtime, description } = await chooseRuntime(options, clock);
    const folder = await makeFolder(directory);
    return new Machine(description, folder, runtime);
  }

  /** The containers that run, such as `default/web-0/c (process://1234)`. */
  running(): readonly string[] {
    return this.runtime.running
      .map(({ namespace, pod, name, id }) => `${namespace}/${pod}/${name} (${id})`);
  }

  /**
   * Kills the containers of a pod, as the kernel would; the kubelet finds out.
   *
   * @throws {Error} if the pod has no container that runs
   */
  killPod(namespace: string, name: string): void {
    const isOfPod = (container: { namespace: string; pod: string }): boolean =>
      container.namespace === namespace && container.pod === name;
    if (!this.runtime.kill(isOfPod)) {
      throw new Error(`Cannot kill pod '${namespace}/${name}': none of its containers runs`);
    }
  }

  /**
   * Makes the kubelet believe that the containers of a pod have ended while they go on, as when a machine is cut off.
   *
   * @throws {Error} if the pod has no container that runs
   */
  losePod(namespace: string, name: string): void {
    const lost = this.runtime.lose((container) =>
      container.namespace === namespace && container.pod === name
    );
    if (lost.length === 0) {
      throw new Error(`Cannot lose pod '${namespace}/${name}': none of its containers runs`);
    }
  }

  /** Kills all containers and removes all files at once, for a process that ends now and cannot wait. */
  abandon(): void {
    this.runtime.kill(() => true);
    try {
      Deno.removeSync(this.folder, { recursive: true });
    } catch {
      // It may be gone already, and there is nobody left to tell.
    }
  }

  /** Removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** A new folder in `directory`, or where temporary files are. */
async function makeFolder(directory: string | undefined): Promise<string> {
  try {
    return await Deno.makeTempDir({
      prefix: "btc-",
      ...(directory !== undefined && { dir: directory }),
    });
  } catch (cause) {
    const where = directory === undefined ? "the one for temporary files" : `'${directory}'`;
    const advice = directory === undefined ? "; set TMPDIR to another one" : "";
    throw new Error(
      `Cannot make a folder in ${where}: it is not there, or not to be written to${advice}`,
      { cause },
    );
  }
}
