/** Follows the objects of all kinds of an API server, those of custom resources that come and go included. */

import type { CustomResourceDefinition } from "kubernetes-types/apiextensions/v1.d.ts";

import {
  CUSTOM_RESOURCE_DEFINITIONS,
  Informer,
  type KubeClient,
  type KubeObject,
  type ResourceType,
  type Stored,
} from "../../kube/mod.ts";
import type { Runnable } from "../../reconcile/mod.ts";
import { abortable, Backoff, type Clock, isAbort, linkedAbort } from "../../time/mod.ts";
import { discoverKinds } from "./discovery.ts";

/** Hears of every object of every kind. */
export interface KindHandler {
  /** An object is new or has changed. */
  changed(type: ResourceType<KubeObject>, object: Readonly<Stored<KubeObject>>): void;
  /** An object, or its whole kind, is gone. */
  removed(object: Readonly<Stored<KubeObject>>): void;
}

/** What a {@linkcode KindWatcher} is made of. */
export interface KindWatcherOptions {
  /** Reads the API. */
  readonly client: KubeClient;
  /** Is told of the objects. */
  readonly handler: KindHandler;
  /** Time source. */
  readonly clock: Clock;
}

interface Followed {
  readonly type: ResourceType<KubeObject>;
  readonly informer: Informer<KubeObject>;
  readonly stop: () => void;
}

/** Events own nothing and nothing owns them, and there are many (as in upstream's ignored resources). */
const IGNORED_PLURAL = "events";
const NEEDED_VERBS = ["list", "watch", "delete"] as const;

/** Asks for the kinds once, and from then on learns of new ones from the custom resource definitions. */
export class KindWatcher implements Runnable {
  /** Name for logs. */
  readonly name = "kind-watcher";
  readonly #options: KindWatcherOptions;
  readonly #definitions: Informer<CustomResourceDefinition>;
  readonly #followed = new Map<string, Followed>();
  readonly #running = new Set<Promise<void>>();
  readonly #discovered = Promise.withResolvers<void>();

  /** Keeps its parts; {@linkcode KindWatcher.run} starts it. */
  constructor(options: KindWatcherOptions) {
    this.#options = options;
    const { client, clock } = options;
    this.#definitions = new Informer(client.resource(CUSTOM_RESOURCE_DEFINITIONS), { clock });
  }

  /** The kind with this name in this group, in whatever version is followed. */
  typeOf(group: string, kind: string): ResourceType<KubeObject> | undefined {
    for (const { type } of this.#followed.values()) {
      if (type.group === group && type.kind === kind) return type;
    }
    return undefined;
  }

  /** Resolves once every kind that was there at the start has been listed. */
  async ready(signal: AbortSignal): Promise<void> {
    await abortable(this.#discovered.promise, signal);
    await this.#definitions.synced(signal);
    await Promise.all(
      [...this.#followed.values()].map(({ informer }) => informer.synced(signal)),
    );
  }

  /** Follows until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    this.#definitions.subscribe({
      added: (definition) => this.#define(definition, signal),
      updated: (definition) => this.#define(definition, signal),
      deleted: (definition) => this.#forget(definition.metadata.name),
    });
    const definitions = this.#definitions.run(signal);
    await this.#discover(signal);
    await definitions;
    await Promise.all(this.#running);
  }

  async #discover(signal: AbortSignal): Promise<void> {
    const { client, clock } = this.#options;
    // The pace of an informer that cannot list.
    const pace = { initialMs: 800, factor: 2, maxMs: 30_000, jitter: 1, resetAfterMs: 120_000 };
    const backoff = new Backoff({ ...pace, clock });
    while (!signal.aborted) {
      try {
        for (const { type, verbs } of await discoverKinds(client, signal)) {
          if (NEEDED_VERBS.every((verb) => verbs.has(verb))) this.#follow(type, signal);
        }
        return this.#discovered.resolve();
      } catch (error) {
        if (isAbort(error, signal)) return;
        await clock.sleep(backoff.next(), signal).catch(() => {});
      }
    }
  }

  #define({ spec, status }: CustomResourceDefinition, signal: AbortSignal): void {
    const established = status?.conditions?.some(({ type, status }) =>
      type === "Established" && status === "True"
    );
    const version = spec.versions.find(({ served }) => served)?.name;
    if (!established || !version) return;
    const { group, names: { kind, plural }, scope } = spec;
    this.#follow({ group, version, kind, plural, namespaced: scope === "Namespaced" }, signal);
  }

  #follow(type: ResourceType<KubeObject>, signal: AbortSignal): void {
    const name = `${type.plural}.${type.group}`;
    const known = this.#followed.get(name);
    if (known?.type.version === type.version || type.plural === IGNORED_PLURAL) return;
    if (known) this.#forget(name);
    const { client, clock, handler } = this.#options;
    const informer = new Informer(client.resource(type), { clock });
    informer.subscribe({
      added: (object) => handler.changed(type, object),
      updated: (object) => handler.changed(type, object),
      deleted: (object) => handler.removed(object),
    });
    const stopper = linkedAbort(signal);
    const running = informer.run(stopper.signal).finally(() => {
      stopper[Symbol.dispose]();
      this.#running.delete(running);
    });
    this.#running.add(running);
    this.#followed.set(name, { type, informer, stop: () => stopper.abort() });
  }

  /** Stops following a kind; with it go its objects. */
  #forget(name: string): void {
    const known = this.#followed.get(name);
    if (!known) return;
    this.#followed.delete(name);
    known.stop();
    for (const object of known.informer.store.list()) this.#options.handler.removed(object);
  }
}
