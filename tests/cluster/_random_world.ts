/** Networks that come, change and go at random, and what must be there of them. */

import { PODS, type Stored } from "../../lib/kube/mod.ts";
import { type BitcoinNetwork, P2P_PORT, podName, rpcSecretName } from "../../lib/network/mod.ts";
import { eventually } from "../support/eventually.ts";
import type { Random } from "../chaos/random.ts";
import type { Lab } from "./lab.ts";

/** Most networks at once. */
const MAX_NETWORKS = 5;
/** Most nodes of a network. */
const MAX_NODES = 4;

/** How long to wait for a network whose nodes are linked, in ms: only such a one has something to take apart. */
const LINKED_MS = 5_000;

/** What can happen. */
export type Happening = "create" | "delete" | "scale up" | "scale down" | "stray link";

/** Networks of one namespace. */
export class RandomWorld {
  readonly #lab: Lab;
  readonly #random: Random;
  readonly #wanted = new Map<string, number>();
  readonly #deleted: string[] = [];
  #names = 0;
  /** How many networks of a name were created. */
  readonly created = new Map<string, number>();
  /** What has happened, in words. */
  readonly story: string[] = [];

  /** Nothing is there yet. */
  constructor(lab: Lab, random: Random) {
    this.#lab = lab;
    this.#random = random;
  }

  /** The number of nodes of each network, by its name. */
  get wanted(): ReadonlyMap<string, number> {
    return this.#wanted;
  }

  /** Has something happen: this, or if it cannot, what must come first. */
  async happen(what: Happening): Promise<void> {
    const nodes = (name: string): number => this.#wanted.get(name) ?? 0;
    const names = [...this.#wanted.keys()];
    switch (what) {
      case "create":
        if (names.length >= MAX_NETWORKS) await this.happen("delete");
        return await this.#create();
      case "delete":
        if (names.length === 0) return await this.#create();
        return await this.#delete(this.#random.pick(names));
      case "scale up": {
        const small = names.filter((name) => nodes(name) < MAX_NODES);
        if (small.length === 0) return await this.happen("create");
        const name = this.#random.pick(small);
        return await this.#scale(name, this.#random.between(nodes(name) + 1, MAX_NODES));
      }
      case "scale down": {
        if (!names.some((name) => nodes(name) > 1)) await this.#create();
        const [name] = await this.#linked(1);
        if (name === undefined) return await this.happen("create");
        return await this.#scale(name, this.#random.between(1, nodes(name) - 1));
      }
      case "stray link": {
        if (names.length < 2) await this.#create();
        const [from, to] = await this.#linked(2);
        if (from === undefined || to === undefined) return await this.happen("create");
        return await this.#dial(from, to);
      }
    }
  }

  async #create(): Promise<void> {
    // A name that was used before may still have leftovers.
    const isReused = this.#deleted.length > 0 && this.#random.next() < 0.4;
    const name = (isReused && this.#deleted.pop()) || `net-${this.#names++}`;
    const nodes = this.#random.between(2, MAX_NODES);
    await this.#lab.create(name, { nodes });
    this.#wanted.set(name, nodes);
    this.created.set(name, (this.created.get(name) ?? 0) + 1);
    this.story.push(`create ${name} with ${nodes} nodes`);
  }

  async #delete(name: string): Promise<void> {
    await this.#lab.networks.delete(name);
    this.#wanted.delete(name);
    this.#deleted.push(name);
    this.story.push(`delete ${name}`);
  }

  async #scale(name: string, nodes: number): Promise<void> {
    await this.#lab.networks.mergePatch(name, { spec: { nodes } });
    this.#wanted.set(name, nodes);
    this.story.push(`scale ${name} to ${nodes}`);
  }

  /** A person has a node dial one of another network, which would merge the two. */
  async #dial(from: string, to: string): Promise<void> {
    const { status } = await this.#lab.objects(PODS).get(podName(to, 0));
    const rpc = await this.#lab.rpc(podName(from, 0), rpcSecretName(from));
    await rpc.addNode(`${status?.podIP}:${P2P_PORT}`, "onetry");
    this.story.push(`${from} dials ${to}`);
  }

  /** So many networks whose nodes are linked now, and know each other; none if there are not enough soon. */
  async #linked(count: number): Promise<readonly string[]> {
    const find = async (): Promise<readonly string[] | false> => {
      const { items } = await this.#lab.networks.list();
      const linked = items.filter(isLinked).map(({ metadata: { name } }) => name);
      return linked.length >= count && linked;
    };
    const linked = await eventually(find, { timeoutMs: LINKED_MS }).catch((): string[] => []);
    const first = linked.length > 0 ? this.#random.between(0, linked.length - 1) : 0;
    return [...linked.slice(first), ...linked.slice(0, first)].slice(0, count);
  }
}

function isLinked({ spec, status }: Readonly<Stored<BitcoinNetwork>>): boolean {
  const { desired, actual } = status?.connections ?? { desired: 0, actual: 0 };
  return desired > 0 && actual === desired && desired === spec.nodes * (spec.nodes - 1) / 2;
}
