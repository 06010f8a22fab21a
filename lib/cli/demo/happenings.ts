/** What happens in the demo: the events that the API server holds, once each. */

import type { Event } from "kubernetes-types/events/v1.d.ts";

/** Something that happened. */
export interface Happening {
  /** Time since the start of the demo, in ms. */
  readonly atMs: number;
  /** Reason of the event, such as `CreatedService`. */
  readonly reason: string;
  /** What it says, with the object it is about unless that is the network itself. */
  readonly note: string;
  /** Whether it is a warning. */
  readonly warning: boolean;
}

/** The happening that an event tells of, seen `atMs` after the start. */
export function toHappening(event: Event, atMs: number): Happening {
  const { kind, name } = event.regarding ?? {};
  const about = kind === "BitcoinNetwork" ? "" : `${kind?.toLowerCase()}/${name}: `;
  return {
    atMs,
    reason: event.reason ?? "",
    note: `${about}${event.note ?? ""}`,
    warning: event.type === "Warning",
  };
}
