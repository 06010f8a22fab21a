/** The API server: where it listens, what tests can ask it, and how it stops. */

import { type Clock, rfc3339, systemClock } from "../../time/mod.ts";
import { tokenPath } from "./authentication.ts";
import { CustomDefinitions } from "./custom_definitions.ts";
import { OpenApiDocuments } from "./discovery/openapi.ts";
import { RequestHandler } from "./handler.ts";
import { type Hook, type HookAction, type HookOptions, Hooks } from "./hooks.ts";
import type { Metadata } from "./object.ts";
import { RequestLog, type RequestRecord } from "./record.ts";
import { Registry } from "./registry/registry.ts";
import { RunningWatches } from "./running_watches.ts";
import { Storage } from "./storage/storage.ts";
import type { KubeletAccess } from "./subresources/log.ts";

/** How an {@linkcode ApiServer} is set up. */
export interface ApiServerOptions {
  /** Users by their bearer tokens; each may do everything. Others see only version and health. */
  readonly tokens: ReadonlyMap<string, string>;
  /**
   * Address to listen on.
   *
   * @default {"127.0.0.1"}
   */
  readonly hostname?: string;
  /**
   * Port to listen on; 0 takes any that is free.
   *
   * @default {0}
   */
  readonly port?: number;
  /**
   * Time source of timestamps, bookmarks and timeouts.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * How many changes of each resource a watch can catch up on at least.
   *
   * @default {2000}
   */
  readonly historyLimit?: number;
  /**
   * How many requests the record holds at least.
   *
   * @default {10000}
   */
  readonly recordLimit?: number;
  /**
   * How logs of pods are fetched from the kubelets of their nodes.
   *
   * @default {`fetch` without a token}
   */
  readonly kubelet?: KubeletAccess;
  /**
   * Random number from 0 up to 1, for the time that a watch without a timeout lasts.
   *
   * @default {Math.random}
   */
  readonly random?: () => number;
}

/** The server cannot listen at its address. */
export class ListenError extends Error {
  /** Set for recognition in logs. */
  override readonly name = "ListenError";
}

/** Namespaces that every cluster has. */
const NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];

interface Listening {
  readonly server: Deno.HttpServer<Deno.NetAddr>;
  readonly stop: AbortController;
  readonly cut: AbortController;
}

/**
 * A Kubernetes API server in this process, over HTTP on loopback, with all objects in memory.
 *
 * It does what kube-apiserver does, with its answers and refusals, for the resources that this project needs and for those
 * of any CustomResourceDefinition. It does nothing that controllers do: no garbage collection, no pods of StatefulSets, no
 * emptying of namespaces. Everything that a write changes is changed when its answer is sent.
 *
 * @example Refuse the first pod
 * ```ts ignore
 * import { ApiServer } from "./mod.ts";
 *
 * await using server = new ApiServer({ tokens: new Map([["secret", "admin"]]) });
 * await server.start();
 * const isNewPod = ({ verb, resource }) => verb === "create" && resource === "pods";
 * server.hook(isNewPod, { kind: "fail", code: 500 }, { times: 1 });
 * ```
 */
export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #clock: Clock;
  readonly #storage: Storage;
  readonly #registry = new Registry();
  readonly #watches = new RunningWatches();
  readonly #hooks = new Hooks();
  readonly #log: RequestLog;
  #port: number;
  #listening: Listening | undefined;

  /** Keeps its options; {@linkcode ApiServer.start} makes it listen. */
  constructor(options: ApiServerOptions) {
    const { clock = systemClock, historyLimit = 2000, recordLimit = 10_000, port = 0 } = options;
    this.#options = options;
    this.#port = port;
    this.#clock = clock;
    this.#storage = new Storage({ historyLimit });
    this.#log = new RequestLog(recordLimit);
  }

  /**
   * Starts to listen. After {@linkcode ApiServer.close} it listens at the same address once more, with all objects still there.
   *
   * @throws {ListenError} if the address is not one of this machine, or its port is taken
   */
  start(): Promise<void> {
    if (this.#listening) return Promise.resolve();
    const { hostname = "127.0.0.1" } = this.#options;
    const port = this.#port;
    const stop = new AbortController();
    const cut = new AbortController();
    const handler = this.#handler(stop.signal);
    try {
      const server = Deno.serve(
        {
          hostname,
          port,
          signal: cut.signal,
          onListen: () => {},
          // Only a connection that was cut on purpose comes here: the handler itself never throws.
          onError: () => new Response(null, { status: 500 }),
        },
        (request) => handler.handle(request),
      );
      this.#listening = { server, stop, cut };
      this.#port = server.addr.port;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `Cannot listen on '${hostname}:${port}': ${why}`;
      return Promise.reject(new ListenError(message, { cause }));
    }
    this.#seed();
    return Promise.resolve();
  }

  /**
   * Where it listens, such as `http://127.0.0.1:34567`.
   *
   * @throws {TypeError} if it does not listen
   */
  get url(): string {
    if (!this.#listening) {
      throw new TypeError("Cannot name the URL of the API server: it is not started");
    }
    const { hostname, port } = this.#listening.server.addr;
    return `http://${hostname}:${port}`;
  }

  /**
   * The same with a token in its path: what a kubeconfig for kubectl needs, which sends no credentials over plain HTTP.
   *
   * @throws {TypeError} if it does not listen
   */
  urlWithToken(token: string): string {
    return this.url + tokenPath(token);
  }

  /** The last requests, oldest first; the newest may still be without an answer. */
  get requests(): readonly RequestRecord[] {
    return this.#log.entries;
  }

  /** Revision of the last change of anything. */
  get revision(): number {
    return this.#storage.revision;
  }

  /** How many watches are running. */
  get watchCount(): number {
    return this.#watches.size;
  }

  /** Forgets the requests so far. */
  clearRequests(): void {
    this.#log.clear();
  }

  /** From now on, and until the hook is removed or used up, requests that match are answered, refused, delayed or cut. */
  hook(
    matches: (request: RequestRecord) => boolean,
    action: HookAction,
    options?: HookOptions,
  ): Hook {
    return this.#hooks.add(matches, action, options);
  }

  /** Breaks the connections of running watches whose requests match, and returns how many those were. */
  cutWatches(matches: (request: RequestRecord) => boolean = () => true): number {
    return this.#watches.cut(matches);
  }

  /** Forgets the history, as a compaction does: watches and pages from before get 410. */
  compact(): void {
    this.#storage.compact();
  }

  /** Ends all watches and stops listening; requests that wait are answered with 503. */
  async close(): Promise<void> {
    const listening = this.#listening;
    if (!listening) return;
    this.#listening = undefined;
    listening.stop.abort(new DOMException("The API server stops", "AbortError"));
    await this.#watches.closeAll();
    // One turn of the event loop for the answers to those who waited. `shutdown()` would wait for connections as well,
    // and with Deno 2.4 now and then for ever for one that nobody uses.
    await new Promise((resolve) => setTimeout(resolve, 0));
    listening.cut.abort();
    await listening.server.finished;
  }

  /** Closes it at the end of a block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #handler(signal: AbortSignal): RequestHandler {
    const { tokens, random = Math.random, kubelet = { fetch } } = this.#options;
    const definitions = new CustomDefinitions({
      storage: this.#storage,
      registry: this.#registry,
      clock: this.#clock,
      endWatches: (collection) => this.#watches.end(collection),
    });
    return new RequestHandler({
      state: { storage: this.#storage, registry: this.#registry, definitions, clock: this.#clock },
      endpoints: {
        registry: this.#registry,
        openApi: new OpenApiDocuments(this.#registry),
        address: () => new URL(this.url).host,
      },
      tokens,
      log: this.#log,
      hooks: this.#hooks,
      watches: this.#watches,
      kubelet,
      random,
      signal,
    });
  }

  /** Writes what is in every cluster from its first moment. */
  #seed(): void {
    const namespaces = this.#storage.collection("/namespaces");
    for (const name of NAMESPACES) {
      if (namespaces.get(name)) continue;
      const metadata: Metadata = {
        name,
        uid: crypto.randomUUID(),
        creationTimestamp: rfc3339(this.#clock.now()),
        labels: { "kubernetes.io/metadata.name": name },
      };
      namespaces.put(name, {
        apiVersion: "v1",
        kind: "Namespace",
        metadata,
        spec: { finalizers: ["kubernetes"] },
        status: { phase: "Active" },
      });
    }
  }
}
