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
    // Of what a program printed the first line is enough here; kubectl shows the rest.
    note: `${about}${event.note ?? ""}`.trim().split("\n")[0] ?? "",
    warning: event.type === "Warning",
  };
}

/** Steps of a pod's start that say nothing about the network. */
const ROUTINE = ["Scheduled", "Pulled", "Created", "SuccessfulCreate", "SuccessfulDelete"];

/**
 * What kube-controller-manager says again and again of each Service here: the API refuses loopback addresses in Endpoints
 * and EndpointSlices. Nobody misses them: the nodes of the demo call each other by address.
 */
const LOOPBACK_ENDPOINTS = ["FailedToUpdateEndpoint", "FailedToUpdateEndpointSlices"];

/** Whether an event is worth a line: warnings are, and what is about the network, but not the routine of its pods. */
export function isWorthALine({ type, reason = "" }: Event): boolean {
  if (LOOPBACK_ENDPOINTS.includes(reason)) return false;
  return type === "Warning" || !ROUTINE.includes(reason);
}
