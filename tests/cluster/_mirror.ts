/** An informer behind a fault proxy, somebody who changes what it watches, and the comparison of what it holds with what there is. */

import assert from "node:assert/strict";
import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import {
  CONFIG_MAPS,
  Informer,
  type InformerHandler,
  KubeClient,
  type KubeObject,
  objectKey,
  type ResourceHandle,
  type Stored,
} from "../../lib/kube/mod.ts";
import { systemClock } from "../../lib/time/mod.ts";
import { eventually } from "../support/eventually.ts";
import { fastClock } from "../support/fast_clock.ts";
import type { FaultProxy } from "../support/fault_proxy.ts";
import { pick } from "../support/seeded_random.ts";
import { Restarts } from "./_fault_effects.ts";

/** How much faster time goes for the informer and its client: a backoff of seconds takes a tenth of them. */
export const SPEED = 20;

/** When the informer takes silence for a dead connection, in its own time: a second of ours. */
const IDLE_MS = 1000 * SPEED;

/** When its client gives up on an answer, in ms. */
const TIMEOUT_MS = 1000;

/** Writes down what handlers hear, and whether it makes sense. */
class Listener implements InformerHandler<ConfigMap> {
  /** Whether versions only grow, as they do while nobody puts back an older state. */
  readonly #isForward: boolean;
  /** The last version that was told of each object. */
  readonly known = new Map<string, string>();
  /** What should not have been told as it was. */
  readonly nonsense: string[] = [];

  constructor(isForward: boolean) {
    this.#isForward = isForward;
  }

  added(object: Readonly<Stored<KubeObject>>): void {
    if (this.known.has(objectKey(object))) this.#complain("added twice", object);
    this.known.set(objectKey(object), versionOf(object));
  }

  updated(object: Readonly<Stored<KubeObject>>, old: Readonly<Stored<KubeObject>>): void {
    if (this.known.get(objectKey(object)) !== versionOf(old)) this.#complain("updated", object);
    const { resourceVersion } = object.metadata;
    if (this.#isForward && Number(resourceVersion) <= Number(old.metadata.resourceVersion)) {
      this.#complain("went back", object);
    }
    this.known.set(objectKey(object), versionOf(object));
  }

  deleted(object: Readonly<Stored<KubeObject>>): void {
    if (!this.known.delete(objectKey(object))) this.#complain("deleted without need", object);
  }

  #complain(what: string, object: Readonly<Stored<KubeObject>>): void {
    this.nonsense.push(`${what}: ${objectKey(object)} ${versionOf(object)}`);
  }
}

/** An informer of the ConfigMaps of a namespace, through a proxy. */
export class Mirror implements AsyncDisposable {
  /** The namespace without the proxy. */
  readonly direct: ResourceHandle<ConfigMap>;
  readonly #listener: Listener;
  readonly #informer: Informer<ConfigMap>;
  readonly #client: KubeClient;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  /** How often a list or a watch failed. */
  failures = 0;
  /** What was begun anew. */
  readonly restarts: Restarts;

  /** Starts it; `isForward` says whether the server's versions only grow. */
  constructor(proxy: FaultProxy, direct: ResourceHandle<ConfigMap>, isForward = true) {
    const clock = fastClock(SPEED);
    this.#listener = new Listener(isForward);
    this.direct = direct;
    this.restarts = new Restarts(proxy);
    this.#client = new KubeClient(proxy.connection, { clock, timeoutMs: TIMEOUT_MS });
    this.#informer = new Informer(this.#client.resource(CONFIG_MAPS, direct.namespace), {
      clock,
      idleMs: IDLE_MS,
      random: () => 0,
      freeze: true,
      onError: () => this.failures++,
      observer: this.restarts,
    });
    this.#informer.subscribe(this.#listener);
    this.#running = this.#informer.run(this.#stop.signal);
  }

  /** Waits until the store and what was heard are what the server has; returns how long that took, in ms. */
  async untilEqual(what: string, timeoutMs: number): Promise<number> {
    const start = systemClock.monotonic();
    let difference: unknown;
    try {
      // An informer that has failed would else be waited for in vain.
      await Promise.race([
        this.#running.then(() => assert.fail("the informer ended")),
        eventually(async () => (difference = await this.#difference()) === undefined, {
          what,
          timeoutMs,
        }),
      ]);
    } catch (cause) {
      throw new Error(`The informer is wrong, ${what}: ${JSON.stringify(difference)}`, { cause });
    }
    assert.deepEqual(this.#listener.nonsense, [], what);
    return systemClock.monotonic() - start;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The test is over"));
    await this.#running;
    this.#client.close();
  }

  /** What differs between the server on the one hand, and store and handlers on the other; undefined for nothing. */
  async #difference(): Promise<unknown> {
    const { items } = await this.direct.list();
    for (const { metadata } of items) delete metadata.managedFields;
    const wanted = new Map(items.map((item) => [objectKey(item), item]));
    const versions = new Map(items.map((item) => [objectKey(item), versionOf(item)]));
    const stored = new Map(this.#informer.store.list().map((item) => [objectKey(item), item]));
    for (
      const key of new Set([...wanted.keys(), ...stored.keys(), ...this.#listener.known.keys()])
    ) {
      const heard = this.#listener.known.get(key);
      const [want, have] = [wanted.get(key), stored.get(key)];
      if (!isEqual(want, have) || heard !== versions.get(key)) {
        return { key, there: versions.get(key), stored: have && versionOf(have), heard };
      }
    }
    return undefined;
  }
}

/** Changes ConfigMaps at random: makes, changes, deletes, and makes anew. */
export class Writer {
  readonly #handle: ResourceHandle<ConfigMap>;
  readonly #random: () => number;
  #count = 0;

  /** Writes to a namespace. */
  constructor(handle: ResourceHandle<ConfigMap>, random: () => number) {
    this.#handle = handle;
    this.#random = random;
  }

  /** Makes this many changes, some at once and some with a pause between them. */
  async write(changes: number): Promise<void> {
    for (let left = changes; left > 0; left--) {
      await this.#change();
      if (this.#random() < 0.5) await systemClock.sleep(10 * this.#random());
    }
  }

  async #change(): Promise<void> {
    const { items } = await this.#handle.list({ labelSelector: "test=faults" });
    const names = items.map(({ metadata }) => metadata.name);
    const dice = this.#random();
    if (names.length < 3 || (dice < 0.3 && names.length < 12)) {
      await this.#create(`map-${this.#count}`);
    } else if (dice < 0.7) {
      const data = { price: `₿ ${this.#count++}` };
      await this.#handle.mergePatch(pick(this.#random, names), { data });
    } else {
      const name = pick(this.#random, names);
      await this.#handle.delete(name);
      if (dice > 0.85) await this.#create(name);
    }
  }

  async #create(name: string): Promise<void> {
    const metadata = { name, labels: { test: "faults" } };
    await this.#handle.create({ metadata, data: { price: `₿ ${this.#count++}`, sign: "🪙" } });
  }
}

function versionOf({ metadata: { uid, resourceVersion } }: Readonly<Stored<KubeObject>>): string {
  return `${uid}/${resourceVersion}`;
}

function isEqual(a: unknown, b: unknown): boolean {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}
