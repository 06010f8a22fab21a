/** A real control plane as its administrator gets it, with one node; nothing of the controller is there yet. */

import config from "../../deno.json" with { type: "json" };
import { LocalNode } from "../../lib/embedded/mod.ts";
import type { KubeClient } from "../../lib/kube/mod.ts";
import { ControlPlane } from "../support/control_plane/mod.ts";
import { eventually } from "../support/eventually.ts";
import { ControllerRuntime } from "./controller_runtime.ts";

/** The image that the manifests name, where the nodes of a cluster have it. */
export const PRELOADED = `bitcoin-controller:${config.version}`;
/** The image that the documentation pushes. */
export const PUSHED = `registry.example.com/${PRELOADED}`;

/** For how long nothing must have come for a cluster to be at rest, in ms. */
const REST_MS = 2_000;

/** A cluster whose node runs the controller from this source, and fake bitcoinds. */
export class InstalledCluster implements AsyncDisposable {
  /** The control plane. */
  readonly plane: ControlPlane;
  readonly #resources: AsyncDisposableStack;

  private constructor(plane: ControlPlane, resources: AsyncDisposableStack) {
    this.plane = plane;
    this.#resources = resources;
  }

  /** Starts it; `images` are those of the controller that its node can have. */
  static async start(assets: string, images: readonly string[]): Promise<InstalledCluster> {
    // deno-lint-ignore no-undef -- the linter does not know of this global yet
    await using resources = new AsyncDisposableStack();
    const plane = resources.use(await ControlPlane.start({ assets }));
    const node = resources.use(
      new LocalNode({
        runtime: new ControllerRuntime(() => plane.server, images),
        connection: plane.connection("kubelet"),
        scheduler: plane.connection("scheduler"),
        stopGraceMs: 5_000,
      }),
    );
    await node.start();
    return new InstalledCluster(plane, resources.move());
  }

  /** A client with all rights. */
  get client(): KubeClient {
    return this.plane.client;
  }

  /** The text of the administrator's kubeconfig, with a context of another name. */
  async kubeconfigWith(context: string): Promise<string> {
    const text = await Deno.readTextFile(this.plane.kubeconfig);
    const config = text
      .replace(/^current-context: .*$/m, `current-context: ${context}`)
      .replace(/(contexts:\n\s+- name: )test/, `$1${context}`);
    const path = `${this.plane.folder}/${context}.kubeconfig`;
    await Deno.writeTextFile(path, config, { mode: 0o600 });
    return path;
  }

  /** Its objects, once it has made all that it makes by itself. */
  async untilAtRest(): Promise<ReadonlySet<string>> {
    let before = await this.inventory();
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
      const after = await this.inventory();
      if (after.size === before.size) return after;
      before = after;
    }
  }

  /** All objects that are there, as `Kind namespace/name`, but for what passes by itself: events. */
  async inventory(): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const { group, resources } of await this.#listed()) {
      for (const { name, kind } of resources) {
        const { items } = await this.#get(`${group}/${name}`) as ObjectList;
        for (const { metadata } of items) {
          found.add(`${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
        }
      }
    }
    return found;
  }

  /** Waits until no object is there that was not there before. */
  async untilOnly(before: ReadonlySet<string>, timeoutMs = 60_000): Promise<void> {
    let more: readonly string[] = [];
    await eventually(async () => {
      more = [...await this.inventory()].filter((object) => !before.has(object));
      return more.length === 0;
    }, { what: "nothing to be left", timeoutMs }).catch((cause) => {
      throw new Error(`There is still ${more.join(", ")}`, { cause });
    });
  }

  /** Stops everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  /** The kinds that can be listed, by the path of their group. */
  async #listed(): Promise<readonly ResourceGroup[]> {
    const { groups } = await this.#get("/apis") as ApiGroupList;
    const paths = [
      "/api/v1",
      ...groups.map(({ preferredVersion: { groupVersion } }) => `/apis/${groupVersion}`),
    ];
    return await Promise.all(paths.map(async (group) => {
      const { resources } = await this.#get(group) as ApiResourceList;
      return {
        group,
        resources: resources.filter(({ name, kind, verbs }) =>
          verbs.includes("list") && !name.includes("/") && kind !== "Event"
        ),
      };
    }));
  }

  // The answers are the API server's own, of the shapes below.
  async #get(path: string): Promise<unknown> {
    return await this.client.request({ path });
  }
}

interface ApiGroupList {
  readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
}

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

interface ApiResourceList {
  readonly resources: readonly ApiResource[];
}

interface ResourceGroup extends ApiResourceList {
  readonly group: string;
}

interface ObjectList {
  readonly items: readonly {
    readonly metadata: { readonly namespace?: string; readonly name: string };
  }[];
}
