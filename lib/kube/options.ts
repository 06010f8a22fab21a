/** What the calls of a resource handle accept and return. */

import type { KubeObject, Stored } from "./object.ts";

/** What every call accepts. */
export interface CallOptions {
  /** Cancels the call. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time for the call with its retries, in ms.
   *
   * @default {the client's, 30 000}
   */
  readonly timeoutMs?: number | undefined;
}

/** What calls that write accept. */
export interface WriteOptions extends CallOptions {
  /** Who owns the fields that are written. */
  readonly fieldManager?: string | undefined;
  /**
   * Have the server check the write without keeping it.
   *
   * @default {false}
   */
  readonly dryRun?: boolean | undefined;
  /** What the server does about unknown and duplicate fields; its default is `Warn`. */
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict" | undefined;
}

/** What server-side apply needs. */
export interface ApplyOptions extends WriteOptions {
  /** Who owns the fields of the applied object. */
  readonly fieldManager: string;
  /**
   * Take over fields that somebody else owns.
   *
   * @default {true}
   */
  readonly force?: boolean | undefined;
  /**
   * Only create: an object that is there already is left alone, and the call is a conflict. Server-side apply has no
   * such precondition, but a version that no object has is one.
   *
   * @default {false}
   */
  readonly ifAbsent?: boolean | undefined;
}

/** What a deletion accepts. */
export interface DeleteOptions extends CallOptions {
  /** What becomes of the objects it owns; the server's default is `Background` for nearly all kinds. */
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan" | undefined;
  /** Seconds the object gets to end; zero is at once. */
  readonly gracePeriodSeconds?: number | undefined;
  /** Delete only the object with this UID, else conflict. */
  readonly uid?: string | undefined;
  /** Delete only this version of the object, else conflict. */
  readonly resourceVersion?: string | undefined;
}

/** Which objects to list. */
export interface ListOptions<T extends KubeObject = KubeObject> extends CallOptions {
  /** Only objects whose labels match, such as `app=a,tier!=x`. */
  readonly labelSelector?: string | undefined;
  /** Only objects whose fields match; what fields there are depends on the kind. */
  readonly fieldSelector?: string | undefined;
  /**
   * Objects per page.
   *
   * @default {500}
   */
  readonly limit?: number | undefined;
  /**
   * Called with each object when its page has come in; what it returns stands in the list instead, so that a long list is
   * never in memory as it came.
   *
   * @default {the object itself}
   */
  readonly keep?: ((object: Stored<T>) => Stored<T>) | undefined;
  /**
   * At which version; absent means the most recent one, `0` any that the server has at hand.
   *
   * @default {the most recent}
   */
  readonly resourceVersion?: string | undefined;
}

/** All pages of a list as one. */
export interface ObjectList<T extends KubeObject> {
  /** The objects; `apiVersion` and `kind` are set on each. */
  readonly items: Stored<T>[];
  /** The version of the list as a whole: where a watch starts. */
  readonly resourceVersion: string;
}

/** What to watch and from where. */
export interface WatchOptions {
  /** Only changes after this version; comes from a list or an earlier event. */
  readonly resourceVersion: string;
  /** Only objects whose labels match. */
  readonly labelSelector?: string | undefined;
  /** Only objects whose fields match. */
  readonly fieldSelector?: string | undefined;
  /** When the server ends the watch, in seconds; its default is 30 to 60 minutes. */
  readonly timeoutSeconds?: number | undefined;
  /** Called when the server has accepted the watch. */
  readonly onOpen?: (() => void) | undefined;
  /** Ends the watch. */
  readonly signal?: AbortSignal | undefined;
}

/** One line of a watch. ERROR lines are thrown as an {@linkcode ApiError} instead. */
export type WatchEvent<T extends KubeObject> =
  | {
    /** What happened. */
    readonly type: "ADDED" | "MODIFIED" | "DELETED";
    /** The object after it happened, or as it last was. */
    readonly object: Stored<T>;
  }
  | {
    /** Nothing happened up to `resourceVersion`. */
    readonly type: "BOOKMARK";
    /** Where the next watch may start. */
    readonly resourceVersion: string;
  };

/** One operation of a JSON patch (RFC 6902). */
export interface JsonPatchOperation {
  /** What to do. */
  readonly op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  /** JSON pointer to where. */
  readonly path: string;
  /** JSON pointer to the source of `move` and `copy`. */
  readonly from?: string;
  /** New or expected value. */
  readonly value?: unknown;
}
