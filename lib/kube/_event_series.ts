/** Tells events that repeat from events that are new. */

import type { ObjectReference } from "kubernetes-types/core/v1.d.ts";

import { LruMap } from "./_lru.ts";
import type { EventDescription } from "./events.ts";
import { type KubeObject, objectKey } from "./object.ts";

/** Silence after which a repetition is a new event, in ms (client-go, `tools/events/event_broadcaster.go`). */
const SERIES_MS = 360_000;

/** How many series are remembered (client-go, `tools/record/events_cache.go`). */
const MAX_SERIES = 4096;

/** One event and its repetitions: one Event object. */
export interface Series {
  readonly regarding: ObjectReference;
  readonly related: ObjectReference | undefined;
  readonly description: EventDescription;
  readonly firstMs: number;
  lastMs: number;
  /** How often it happened. */
  count: number;
  /** How many of these the API server knows of; none means that there is no Event yet. */
  written: number;
  /** Name of the Event object. */
  name: string;
}

/** Remembers series by what makes them the same; the note is no part of it. */
export class SeriesCache {
  readonly #series = new LruMap<string, Series>(MAX_SERIES);
  #names = 0;

  /** Counts an occurrence in its series, or begins one. */
  note(regarding: KubeObject, description: EventDescription, nowMs: number): Series {
    const reference = referenceTo(regarding);
    const related = description.related && referenceTo(description.related);
    const { type, reason, action } = description;
    const key = JSON.stringify([reference, related, type, reason, action]);
    const known = this.#series.get(key);
    if (known && nowMs - known.lastMs < SERIES_MS) {
      known.count++;
      known.lastMs = nowMs;
      return known;
    }
    const series: Series = {
      regarding: reference,
      related,
      description,
      firstMs: nowMs,
      lastMs: nowMs,
      count: 1,
      written: 0,
      name: this.nextName(reference, nowMs),
    };
    this.#series.set(key, series);
    return series;
  }

  /** A name that no Event has: the object's and the time in nanoseconds, of which the last digits count. */
  nextName({ name }: ObjectReference, nowMs: number): string {
    const nanoseconds = BigInt(Math.floor(nowMs)) * 1_000_000n + BigInt(this.#names++ % 1_000_000);
    return `${name}.${nanoseconds.toString(16)}`;
  }
}

/** Which object is meant; without its version, which would make every repetition another event. */
function referenceTo(object: KubeObject): ObjectReference {
  // Throws if it has no name.
  objectKey(object);
  const { name = "", namespace, uid } = object.metadata ?? {};
  return {
    ...(object.apiVersion && { apiVersion: object.apiVersion }),
    ...(object.kind && { kind: object.kind }),
    ...(namespace && { namespace }),
    name,
    ...(uid && { uid }),
  };
}
