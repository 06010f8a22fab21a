/** The body of an Event object. */

import type { Event } from "kubernetes-types/events/v1.d.ts";

import { microTime } from "../time/mod.ts";
import type { Series } from "./_event_series.ts";

/** Longest note, in bytes (API validation of `events.k8s.io/v1`). */
const MAX_NOTE_BYTES = 1024;

/** Longest reason, action and instance (same source). */
const MAX_WORD_LENGTH = 128;

/** Who reports. */
export interface Reporter {
  readonly component: string;
  readonly instance: string;
}

/** The Event for the first occurrence of a series. */
export function eventBody(series: Series, { component, instance }: Reporter): Event {
  const { regarding, related, description, firstMs, name } = series;
  return {
    metadata: { name, namespace: regarding.namespace ?? "default" },
    eventTime: microTime(firstMs),
    reportingController: component,
    reportingInstance: instance.slice(0, MAX_WORD_LENGTH),
    type: description.type,
    reason: description.reason.slice(0, MAX_WORD_LENGTH),
    action: description.action.slice(0, MAX_WORD_LENGTH),
    note: cutNote(description.note),
    regarding,
    ...(related && { related }),
  };
}

/** Cuts a note to what the server accepts, between characters. */
export function cutNote(note: string): string {
  const { read } = new TextEncoder().encodeInto(note, new Uint8Array(MAX_NOTE_BYTES));
  if (read === note.length) return note;
  const ellipsis = "…";
  const room = new Uint8Array(MAX_NOTE_BYTES - new TextEncoder().encode(ellipsis).length);
  return note.slice(0, new TextEncoder().encodeInto(note, room).read) + ellipsis;
}
