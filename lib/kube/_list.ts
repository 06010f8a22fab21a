/** Lists a kind page by page. */

import { ApiError, TransportError } from "./errors.ts";
import type { KubeObject, Stored } from "./object.ts";
import type { ListOptions, ObjectList } from "./options.ts";
import type { Requester } from "./request.ts";
import { apiVersionOf, resourcePath, type ResourceType } from "./resource.ts";

/** Objects per page (client-go, `tools/pager/pager.go`). */
const PAGE_SIZE = 500;

/** What is relied on of a page; its items have their type by the API's contract. */
interface Page<T extends KubeObject> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items?: Stored<T>[] | null;
}

/** All pages as one list. When the continue token expires on the way, it starts again without pages. */
export async function listAllPages<T extends KubeObject>(
  api: Requester,
  type: ResourceType<T>,
  namespace: string | undefined,
  options: ListOptions,
): Promise<ObjectList<T>> {
  const { labelSelector, fieldSelector, resourceVersion, limit = PAGE_SIZE } = options;
  const read = async (query: Record<string, string | number | undefined>): Promise<Page<T>> => {
    const answer = await api.request({
      path: resourcePath(type, namespace),
      operation: { verb: "list", apiGroup: type.group, resource: type.plural },
      query: { labelSelector, fieldSelector, ...query },
      signal: options.signal,
      timeoutMs: options.timeoutMs,
    });
    if (!isPage<T>(answer)) {
      throw new TransportError(`Cannot list ${type.plural}: the answer has no resource version`);
    }
    return answer;
  };

  let page = await read({ limit, resourceVersion });
  let items = page.items ?? [];
  while (page.metadata.continue) {
    try {
      // The server refuses a resource version beside a continue token (client-go, `tools/pager/pager.go`).
      page = await read({ limit, continue: page.metadata.continue });
      items = items.concat(page.items ?? []);
    } catch (error) {
      if (!(error instanceof ApiError && error.isExpired)) throw error;
      page = await read({ resourceVersion });
      items = page.items ?? [];
    }
  }
  // Lists of built-in kinds leave these out of the items; watches do not.
  const apiVersion = apiVersionOf(type);
  for (const item of items) {
    item.apiVersion ??= apiVersion;
    item.kind ??= type.kind;
  }
  return { items, resourceVersion: page.metadata.resourceVersion };
}

function isPage<T extends KubeObject>(answer: unknown): answer is Page<T> {
  // A guess that the next line proves.
  const page = answer as Partial<Page<T>> | null;
  return Boolean(page?.metadata?.resourceVersion);
}
