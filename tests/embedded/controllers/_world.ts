/** An API server with some controllers and pods that a test drives: everything in it ends with `await using`. */

import type { StatefulSet, StatefulSetSpec } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";

import {
  CONTROLLER_REVISIONS,
  EVENTS,
  type FetchLike,
  Informer,
  KubeClient,
  NAMESPACES,
  PODS,
  type ResourceHandle,
  STATEFUL_SETS,
  type Stored,
} from "../../../lib/kube/mod.ts";
import { Manager, type Runnable } from "../../../lib/reconcile/mod.ts";
import type { Clock } from "../../../lib/time/mod.ts";
import { until } from "../../support/eventually.ts";
import { type Fate, PodDriver } from "./_pod_driver.ts";
import { startServer } from "./_server.ts";

/** What runs in a world. */
export interface WorldOptions {
  /** Makes the controllers. */
  readonly controllers: (client: KubeClient) => readonly Runnable[];
  /**
   * What becomes of new pods.
   *
   * @default {they become ready}
   */
  readonly fate?: (pod: Readonly<Stored<Pod>>) => Fate;
  /**
   * Sends the requests of the controllers.
   *
   * @default {fetch}
   */
  readonly fetch?: FetchLike;
  /**
   * Stamps the readiness of pods.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** The world of one test; `namespace` is its own. */
export class World implements AsyncDisposable {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly driver: PodDriver;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    client: KubeClient,
    namespace: string,
    driver: PodDriver,
    stack: AsyncDisposableStack,
  ) {
    this.client = client;
    this.namespace = namespace;
    this.driver = driver;
    this.#stack = stack;
  }

  /** Starts a server and the controllers. */
  static async start({ controllers, fate, fetch, clock }: WorldOptions): Promise<World> {
    // deno-lint-ignore no-undef -- the linter does not know of this global yet
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await startServer());
    const client = new KubeClient(server.connection);
    stack.defer(() => client.close());
    const controllersClient = new KubeClient(server.connection, { ...(fetch && { fetch }) });
    stack.defer(() => controllersClient.close());
    const driver = new PodDriver(client, fate, clock);
    const stop = new AbortController();
    const manager = new Manager([
      [{ name: "pod driver", run: (signal) => driver.run(signal) }],
      controllers(controllersClient),
    ]);
    const running = manager.run(stop.signal);
    stack.defer(async () => {
      stop.abort();
      await running;
    });
    const namespace = `t-${crypto.randomUUID().slice(0, 8)}`;
    await client.resource(NAMESPACES).create({ metadata: { name: namespace } });
    return new World(client, namespace, driver, stack.move());
  }

  /** The sets of the namespace. */
  get sets(): ResourceHandle<StatefulSet> {
    return this.client.resource(STATEFUL_SETS, this.namespace);
  }

  /** The pods of the namespace. */
  get pods(): ResourceHandle<Pod> {
    return this.client.resource(PODS, this.namespace);
  }

  /** Creates a set `web`. */
  createSet(spec: Partial<StatefulSetSpec> = {}): Promise<Stored<StatefulSet>> {
    const labels = { app: "web" };
    return this.sets.create({
      metadata: { name: "web" },
      spec: {
        replicas: 3,
        podManagementPolicy: "Parallel",
        selector: { matchLabels: labels },
        serviceName: "web-svc",
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [{ name: "c", image: "one" }],
          },
        },
        ...spec,
      },
    });
  }

  /** Gives the set `web` another image, and so another revision. */
  async setImage(image: string): Promise<void> {
    const path = "/spec/template/spec/containers/0/image";
    await this.sets.jsonPatch("web", [{ op: "replace", path, value: image }]);
  }

  /** Waits until the set `web` has this many pods, all ready and of its newest revision, and says so in its status. */
  async rolledOut(replicas: number): Promise<Stored<StatefulSet>> {
    return await until(this.sets, (sets) => {
      const web = sets.find(({ metadata }) => metadata.name === "web");
      const { status } = web ?? {};
      const counts = [status?.replicas, status?.readyReplicas ?? 0, status?.updatedReplicas ?? 0];
      return counts.every((count) => count === replicas) &&
        status?.observedGeneration === web?.metadata.generation && web;
    }, { what: `${replicas} ready pods` });
  }

  /** Waits until the pods have these names, none of them on its way out, and returns them by name. */
  async podsNamed(names: readonly string[]): Promise<readonly Stored<Pod>[]> {
    return await until(this.pods, (pods) => {
      const there = pods.toSorted((a, b) => a.metadata.name < b.metadata.name ? -1 : 1);
      return JSON.stringify(there.map(({ metadata }) => metadata.name)) === JSON.stringify(names) &&
        there.every(({ metadata }) => !metadata.deletionTimestamp) && there;
    }, { what: `pods ${names.join(", ")}` });
  }

  /** Waits for an event with this reason and returns its note. */
  async eventNote(reason: string, note: RegExp = /.*/): Promise<string> {
    return await until(
      this.client.resource(EVENTS, this.namespace),
      (events) =>
        events.find((event) => event.reason === reason && note.test(event.note ?? ""))?.note,
      { what: `event ${reason} ${note}` },
    );
  }

  /** The images of the set's revisions, oldest first. */
  async revisionImages(): Promise<readonly unknown[]> {
    const { items } = await this.client.resource(CONTROLLER_REVISIONS, this.namespace).list();
    return items.toSorted((a, b) => a.revision - b.revision)
      .map(({ data }) => JSON.stringify(data).match(/"image":"([^"]*)"/)?.[1]);
  }

  /** The names of the pods that end while `action` runs, in order. */
  async deletionsDuring(action: () => Promise<void>): Promise<readonly string[]> {
    const names: string[] = [];
    const informer = new Informer(this.pods);
    informer.subscribe({ deleted: ({ metadata }) => names.push(metadata.name) });
    const stop = new AbortController();
    const running = informer.run(stop.signal);
    await informer.synced();
    try {
      await action();
    } finally {
      stop.abort();
      await running;
    }
    return names;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
