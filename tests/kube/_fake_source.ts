/** A list and watch in memory, for tests in virtual time. */

import type {
  ListOptions,
  ObjectList,
  ResourceType,
  WatchEvent,
  WatchOptions,
} from "../../lib/kube/mod.ts";
import { aborted } from "../../lib/time/mod.ts";
import { type Thing, THINGS } from "./_support.ts";

/** What a list does: returns or throws. */
type ListScript = ObjectList<Thing> | Error;

/** What a watch does: is refused, or brings events and then ends, throws or stays silent. */
interface WatchScript {
  /** Why it is not even opened. */
  readonly refused?: Error;
  readonly events?: readonly WatchEvent<Thing>[];
  /** @default {"silent"} */
  readonly end?: "clean" | "silent" | Error;
}

/** Plays scripts; when they are at their end, lists wait and watches are silent until they are aborted. */
export class FakeSource {
  readonly type: ResourceType<Thing> = THINGS;
  /** What was called, with the version: `list`, `watch 5`. */
  readonly calls: string[] = [];
  /** The options of each watch. */
  readonly watches: WatchOptions[] = [];
  readonly #lists: ListScript[];
  readonly #watches: WatchScript[];
  /** Watches that are open now. */
  open = 0;

  constructor(lists: readonly ListScript[], watches: readonly WatchScript[] = []) {
    this.#lists = [...lists];
    this.#watches = [...watches];
  }

  async list(
    { resourceVersion, keep = (object) => object, signal }: ListOptions<Thing> = {},
  ): Promise<ObjectList<Thing>> {
    this.calls.push(resourceVersion === undefined ? "list" : `list ${resourceVersion}`);
    const script = this.#lists.shift();
    if (script === undefined) return await aborted(signal);
    if (script instanceof Error) throw script;
    const { items, ...list } = structuredClone(script);
    return { ...list, items: items.map(keep) };
  }

  async *watch(options: WatchOptions): AsyncGenerator<WatchEvent<Thing>, void, undefined> {
    this.calls.push(`watch ${options.resourceVersion}`);
    this.watches.push(options);
    const { events = [], end = "silent", refused } = this.#watches.shift() ?? {};
    if (refused) throw refused;
    this.open++;
    try {
      options.onOpen?.();
      yield* structuredClone(events);
      if (end instanceof Error) throw end;
      if (end === "silent") await aborted(options.signal);
    } finally {
      this.open--;
    }
  }
}
