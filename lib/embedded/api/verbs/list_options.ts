/** The options of list and watch, with their refusals. */

import { forbiddenField, optionsInvalid, unsupported } from "../options.ts";
import { isTrue } from "../request_info.ts";
import { badRequest, type StatusCause, tooLargeRevision } from "../status.ts";

/** How a revision that is asked for is meant. */
export type RevisionMatch = "" | "Exact" | "NotOlderThan";

const MATCHES: readonly RevisionMatch[] = ["Exact", "NotOlderThan", ""];

/** What lists and watches have in common. */
export interface ListOptions {
  /** As it was sent; empty if it was not. */
  readonly resourceVersion: string;
  /** How it is meant. */
  readonly resourceVersionMatch: RevisionMatch;
  /** Whether a watch begins with the objects that there are; undefined if that was not said. */
  readonly sendInitialEvents: boolean | undefined;
}

/**
 * Reads and checks the options.
 *
 * @throws {StatusError} 422 for combinations that there are not
 */
export function parseListOptions(query: URLSearchParams, isWatch: boolean): ListOptions {
  const resourceVersion = query.get("resourceVersion") ?? "";
  const given = query.get("resourceVersionMatch") ?? "";
  const initial = query.get("sendInitialEvents");
  const sendInitialEvents = initial === null ? undefined : isTrue(initial);
  const causes = isWatch
    ? watchCauses(given, sendInitialEvents)
    : listCauses(resourceVersion, given, sendInitialEvents);
  if (causes.length > 0) throw optionsInvalid("ListOptions", causes);
  const resourceVersionMatch = MATCHES.find((known) => known === given) ?? "";
  return { resourceVersion, resourceVersionMatch, sendInitialEvents };
}

function watchCauses(
  match: string,
  sendInitialEvents: boolean | undefined,
): readonly StatusCause[] {
  const field = "resourceVersionMatch";
  if (sendInitialEvents === undefined) {
    return match === "" ? [] : [
      forbiddenField(
        field,
        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
      ),
    ];
  }
  if (match === "NotOlderThan") return [];
  return [
    forbiddenField(
      field,
      "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    ),
  ];
}

function listCauses(
  revision: string,
  match: string,
  sendInitialEvents: boolean | undefined,
): readonly StatusCause[] {
  if (sendInitialEvents !== undefined) {
    return [forbiddenField("sendInitialEvents", "sendInitialEvents is forbidden for list")];
  }
  if (match === "") return [];
  const field = "resourceVersionMatch";
  if (revision === "") {
    return [
      forbiddenField(field, "resourceVersionMatch is forbidden unless resourceVersion is provided"),
    ];
  }
  if (!MATCHES.some((known) => known === match)) {
    return [unsupported(field, JSON.stringify(match), MATCHES)];
  }
  if (match === "Exact" && revision === "0") {
    return [
      forbiddenField(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
    ];
  }
  return [];
}

/** What is wrong with a text that should be a revision; undefined if nothing is. */
export function revisionProblem(revision: string): string | undefined {
  if (/^\d*$/.test(revision)) return undefined;
  return `resourceVersion: Invalid value: ${JSON.stringify(revision)}: strconv.ParseUint: parsing ${
    JSON.stringify(revision)
  }: invalid syntax`;
}

/**
 * Refuses a revision that there has not been yet, or that is none.
 *
 * @throws {StatusError} 504 or 400
 */
export function checkNotInFuture(revision: string | null, current: number): void {
  const problem = revisionProblem(revision ?? "");
  if (problem) throw badRequest(`invalid resource version: ${problem}`);
  if (Number(revision) > current) throw tooLargeRevision(Number(revision), current);
}
