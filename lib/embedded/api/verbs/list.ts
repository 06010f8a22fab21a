/** The verb `list`: consistent pages of a collection, selected by labels and fields. */

import { type Answer, type Call, collectionOf } from "../call.ts";
import { type ApiObject, storageKey } from "../object.ts";
import { parseInteger } from "../options.ts";
import { fromStored, type Resource } from "../registry/resource.ts";
import { parseFieldSelector } from "../selectors/field_selector.ts";
import { parseLabelSelector } from "../selectors/label_selector.ts";
import { badRequest, expired } from "../status.ts";
import { type ContinueToken, decodeContinue, encodeContinue } from "../storage/continue_token.ts";
import { ExpiredRevisionError } from "../storage/history.ts";
import { checkNotInFuture, type ListOptions, parseListOptions } from "./list_options.ts";

/** The revision in a token stands for the newest one. */
const NEWEST = -1;

/** Whether an object belongs to what was asked for. */
export type Selection = (object: ApiObject) => boolean;

/**
 * The objects that a request selects by `labelSelector` and `fieldSelector`, in the form of the request's version.
 *
 * @throws {StatusError} 400 for selectors that cannot be read
 */
export function parseSelection(resource: Resource, query: URLSearchParams): Selection {
  const matchesLabels = parseLabelSelector(query.get("labelSelector") ?? "");
  const matchesFields = parseFieldSelector(query.get("fieldSelector") ?? "", resource.fields);
  return (object) => matchesLabels(object.metadata.labels ?? {}) && matchesFields(object);
}

/** Answers with the objects of a collection, or one page of them. */
export function listObjects(call: Call): Answer {
  const { query, resource, target, state } = call;
  const options = parseListOptions(query, false);
  const limit = Math.max(0, parseInteger(query, "limit") ?? 0);
  const selects = parseSelection(resource, query);
  const token = parseToken(query, options);
  const prefix = target.namespace ? `${target.namespace}/` : "";
  const revision = revisionOf(options, token, limit, state.storage.revision);
  const all = snapshot(call, prefix, revision, token)
    .filter((object) => !token || relativeKey(object, prefix) >= token.start);
  const matching = all.map((object) => fromStored(resource, object)).filter(selects);
  // A list from "any" revision comes from a cache that knows no pages.
  const end = limit === 0 || options.resourceVersion === "0" ? matching.length : limit;
  const page = matching.slice(0, end);
  const last = page.at(-1);
  const remaining = matching.length - page.length;
  const isSelected = query.get("labelSelector") || query.get("fieldSelector");
  return {
    code: 200,
    list: page,
    metadata: {
      resourceVersion: String(revision),
      continueToken: last && remaining > 0
        ? encodeContinue(revision, relativeKey(last, prefix))
        : "",
      ...(remaining > 0 && !isSelected ? { remainingItemCount: remaining } : {}),
    },
  };
}

function parseToken(
  query: URLSearchParams,
  { resourceVersion }: ListOptions,
): ContinueToken | undefined {
  const token = query.get("continue");
  if (!token) return undefined;
  try {
    const decoded = decodeContinue(token);
    if (resourceVersion !== "" && resourceVersion !== "0") {
      throw badRequest("specifying resource version is not allowed when using continue");
    }
    return decoded;
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(`invalid continue token: ${error.message}`);
    throw error;
  }
}

function revisionOf(
  { resourceVersion, resourceVersionMatch }: ListOptions,
  token: ContinueToken | undefined,
  limit: number,
  current: number,
): number {
  if (token) return token.revision === NEWEST ? current : token.revision;
  checkNotInFuture(resourceVersion, current);
  // Without a word on how it is meant, a revision with a limit is meant exactly.
  const exact = resourceVersionMatch === "Exact" ||
    (resourceVersionMatch === "" && limit > 0 && Number(resourceVersion) > 0);
  return exact ? Number(resourceVersion) : current;
}

function snapshot(
  call: Call,
  prefix: string,
  revision: number,
  token: ContinueToken | undefined,
): readonly ApiObject[] {
  try {
    return collectionOf(call).listAt(revision, prefix);
  } catch (error) {
    if (!(error instanceof ExpiredRevisionError)) throw error;
    if (!token) throw expired("The resourceVersion for the provided list is too old.");
    throw expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
      encodeContinue(NEWEST, token.start.replace(/\0$/, "")),
    );
  }
}

/** The key of an object below what all keys of the list share. */
function relativeKey({ metadata }: ApiObject, prefix: string): string {
  return storageKey(metadata.namespace, metadata.name ?? "").slice(prefix.length);
}
