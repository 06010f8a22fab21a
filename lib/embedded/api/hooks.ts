/** Faults on demand: a test chooses requests, and says what becomes of them. */

import type { JsonObject } from "./json.ts";
import type { RequestRecord } from "./record.ts";

/** What becomes of a chosen request. */
export type HookAction =
  /** It is answered like this and not carried out. */
  | {
    readonly kind: "answer";
    readonly code: number;
    readonly body: JsonObject | string;
    readonly headers?: Readonly<Record<string, string>>;
  }
  /** It is refused with a `Status` and not carried out. */
  | {
    readonly kind: "fail";
    readonly code: number;
    readonly reason?: string;
    readonly message?: string;
    readonly retryAfterSeconds?: number;
  }
  /** It waits for a time of the server's clock, and is carried out then. */
  | { readonly kind: "delay"; readonly ms: number }
  /** It waits until the promise resolves, and is carried out then. */
  | { readonly kind: "hold"; readonly until: Promise<void> }
  /** The connection breaks; it is not carried out. */
  | { readonly kind: "cut" }
  /** It is carried out, and then the connection breaks before the answer. */
  | { readonly kind: "cutAnswer" }
  /** The connection of a watch breaks after so many events; 0: before the first. */
  | { readonly kind: "cutWatch"; readonly afterEvents: number };

/** Which requests a hook is for, and how often. */
export interface HookOptions {
  /**
   * How many requests it takes before it is used up.
   *
   * @default {Infinity}
   */
  readonly times?: number;
}

/** A hook that is in place. Disposing of it removes it. */
export interface Hook extends Disposable {
  /** How many requests it has taken. */
  readonly taken: number;
}

interface Entry {
  readonly matches: (request: RequestRecord) => boolean;
  readonly action: HookAction;
  left: number;
  taken: number;
}

/** The hooks that are in place. */
export class Hooks {
  readonly #entries = new Set<Entry>();

  /** Puts a hook in place. */
  add(
    matches: (request: RequestRecord) => boolean,
    action: HookAction,
    { times = Number.POSITIVE_INFINITY }: HookOptions = {},
  ): Hook {
    const entry: Entry = { matches, action, left: times, taken: 0 };
    this.#entries.add(entry);
    return {
      get taken() {
        return entry.taken;
      },
      [Symbol.dispose]: () => void this.#entries.delete(entry),
    };
  }

  /** The action for a request: that of the first hook which takes it. */
  take(request: RequestRecord): HookAction | undefined {
    for (const entry of this.#entries) {
      if (entry.left <= 0 || !entry.matches(request)) continue;
      entry.left--;
      entry.taken++;
      return entry.action;
    }
    return undefined;
  }
}
