/** Lists a kind page by page. */

import { misfit } from "./_exchange.ts";
import { ApiError, TransportError } from "./errors.ts";
import { isStored } from "./_stored.ts";
import type { KubeObject, Stored } from "./object.ts";
import type { ListOptions, ObjectList } from "./options.ts";
import type { Requester } from "./request.ts";
import { apiVersionOf, resourcePath, type ResourceType } from "./resource.ts";

/** Objects per page (client-go, `tools/pager/pager.go`). */
const PAGE_SIZE = 500;

/** What is relied on of a page; its items have their type by the API's contract. */
interface Page<T extends KubeObject> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: Stored<T>[];
}

/** All pages as one list. When the continue token expires on the way, it starts again without pages. */
export async function listAllPages<T extends KubeObject>(
  api: Requester,
  type: ResourceType<T>,
  namespace: string | undefined,
  options: ListOptions<T>,
): Promise<ObjectList<T>> {
  const { labelSelector, fieldSelector, resourceVersion, limit = PAGE_SIZE, keep } = options;
  const apiVersion = apiVersionOf(type);
  const read = async (query: Record<string, string | number | undefined>): Promise<Page<T>> => {
    const answer = await api.request({
      path: resourcePath(type, namespace),
      operation: { verb: "list", apiGroup: type.group, resource: type.plural },
      query: { labelSelector, fieldSelector, ...query },
      signal: options.signal,
      timeoutMs: options.timeoutMs,
    });
    const page = pageOf<T>(answer);
    if (typeof page === "string") throw new TransportError(`Cannot list ${type.plural}: ${page}`);
    return page;
  };

  const itemsOf = (page: Page<T>): Stored<T>[] =>
    page.items.map((item) => {
      // Lists of built-in kinds leave these out of the items; watches do not.
      item.apiVersion ??= apiVersion;
      item.kind ??= type.kind;
      return keep ? keep(item) : item;
    });

  let page = await read({ limit, resourceVersion });
  let items = itemsOf(page);
  while (page.metadata.continue) {
    try {
      // The server refuses a resource version beside a continue token (client-go, `tools/pager/pager.go`).
      page = await read({ limit, continue: page.metadata.continue });
      items = items.concat(itemsOf(page));
    } catch (error) {
      if (!(error instanceof ApiError && error.isExpired)) throw error;
      page = await read({ resourceVersion });
      items = itemsOf(page);
    }
  }
  return { items, resourceVersion: page.metadata.resourceVersion };
}

/** The page that an answer is, or what is wrong with it: what is no list would look like an empty one. */
function pageOf<T extends KubeObject>(answer: unknown): Page<T> | string {
  // as: a guess that the next lines prove.
  const page = answer as
    | { kind?: unknown; metadata?: Page<T>["metadata"]; items?: Stored<T>[] | null }
    | null;
  const { kind, metadata, items } = page ?? {};
  // A list of nothing may have null for its items.
  const isEmptyList = (items ?? null) === null && typeof kind === "string" && kind.endsWith("List");
  if (!Array.isArray(items) && !isEmptyList) return misfit(answer, "not a list of them");
  if (!metadata?.resourceVersion) return "the answer has no resource version";
  if (items && !items.every(isStored)) return "an item has no name, UID or resource version";
  return { metadata, items: items ?? [] };
}
