/** What the controller remembers of each network, from when it is first seen until it is gone. */

import { type KubeClient, splitKey } from "../kube/mod.ts";
import type { RpcFetch, RpcObserver } from "../rpc/mod.ts";
import type { Clock } from "../time/mod.ts";
import { networkMark } from "./identity.ts";
import { KnownEntries } from "./known_entries.ts";
import { hostPort } from "./link.ts";
import { type Memory, newMemory } from "./memory.ts";
import { P2P_PORT } from "./names.ts";
import { NodeRpc } from "./node_rpc.ts";
import type { StoredNetwork } from "./resource.ts";
import { maxAgeMs, SecretReader } from "./secret_reader.ts";
import { StatusWriter } from "./status_writer.ts";
import { Strings } from "./strings.ts";

/** What a memory is made of. */
export interface MemoriesOptions {
  /** Reads Secrets and writes statuses. */
  readonly client: KubeClient;
  /** Time source. */
  readonly clock: Clock;
  /** Random number from 0 up to 1. */
  readonly random: () => number;
  /** How the nodes are called; `fetch` if absent. */
  readonly fetch: RpcFetch | undefined;
  /** Hears of every request to a bitcoind. */
  readonly rpcObserver?: RpcObserver | undefined;
  /** Asks for another run. */
  readonly enqueue: (key: string) => void;
}

/** The memories of all networks, by their keys. */
export class Memories {
  readonly #options: MemoriesOptions;
  readonly #memories = new Map<string, Memory>();
  readonly #strings = new Strings();

  /** Nothing is remembered yet. */
  constructor(options: MemoriesOptions) {
    this.#options = options;
  }

  /** That of a network; another network of the same name has another one. */
  async of(key: string, { metadata: { uid }, status }: StoredNetwork): Promise<Memory> {
    const known = this.#memories.get(key);
    if (known?.uid === uid) return known;
    await this.forget(key);
    const { client, clock, random, fetch, rpcObserver: observer, enqueue } = this.#options;
    const { namespace = "", name } = splitKey(key);
    const mark = networkMark(uid);
    const memory = newMemory(clock, {
      uid,
      mark,
      rpc: new NodeRpc({
        mark,
        clock,
        fetch,
        observer,
        strings: this.#strings,
        onLateAnswer: () => enqueue(key),
      }),
      secrets: new SecretReader(client, {
        namespace,
        clock,
        random,
        maxAgeMs: () => maxAgeMs(this.#memories.size),
      }),
      status: new StatusWriter(client, clock),
      entries: new KnownEntries(name, clock),
    });
    // An entry that another controller made before this one started is no stranger's.
    for (const { ip } of status?.nodes ?? []) memory.entries.add(hostPort(ip, P2P_PORT));
    this.#memories.set(key, memory);
    return memory;
  }

  /** Ends the conversation with the nodes of a network and forgets it. */
  async forget(key: string): Promise<void> {
    const memory = this.#memories.get(key);
    this.#memories.delete(key);
    await memory?.rpc.close();
  }

  /** Forgets all. */
  async close(): Promise<void> {
    await Promise.all([...this.#memories.keys()].map((key) => this.forget(key)));
  }
}
