/** Turns a call of a handle into a request. */

import { describe, misfit } from "./_exchange.ts";
import { TransportError } from "./errors.ts";
import { metadataOf } from "./_stored.ts";
import type { KubeObject } from "./object.ts";
import type { WriteOptions } from "./options.ts";
import type { ApiRequest, Method, Operation, Requester } from "./request.ts";
import { apiVersionOf, resourcePath, type ResourceType } from "./resource.ts";

/** Media type of a JSON merge patch (RFC 7386). */
export const MERGE_PATCH = "application/merge-patch+json";
/** Media type of a JSON patch (RFC 6902). */
export const JSON_PATCH = "application/json-patch+json";
/** Media type of server-side apply; JSON is valid YAML. */
export const APPLY_PATCH = "application/apply-patch+yaml";

/** Where calls go. */
export interface Target {
  readonly api: Requester;
  readonly type: ResourceType<KubeObject>;
  readonly namespace: string | undefined;
}

/** One call. */
export interface Call extends Pick<ApiRequest, "query" | "body" | "contentType"> {
  /** Name of the object; absent for a create. */
  readonly name?: string | undefined;
  /** The object that is written; it names the namespace when the target does not. */
  readonly object?: KubeObject;
  readonly subresource?: "status" | "scale";
  readonly options: WriteOptions;
}

/**
 * Sends a call; `R` is what the API promises to answer. That it is an object at all is checked: a page of HTML from
 * something in between must not be taken for one that has nothing in it.
 */
export async function send<R>(target: Target, method: Method, call: Call): Promise<R> {
  const { signal, timeoutMs, fieldManager, dryRun, fieldValidation } = call.options;
  const request: ApiRequest = {
    method,
    path: pathOf(target, method, call),
    operation: operationOf(target, method, call),
    query: { fieldManager, fieldValidation, dryRun: dryRun ? "All" : undefined, ...call.query },
    body: call.body,
    ...(call.contentType && { contentType: call.contentType }),
    signal,
    timeoutMs,
  };
  const answer = await target.api.request(request);
  // A deletion may answer a Status in place of the object.
  if (method !== "DELETE" && typeof metadataOf(answer)?.name !== "string") {
    throw new TransportError(`Cannot ${describe(request)}: ${misfit(answer, "no object")}`);
  }
  // The type of the answer is part of the API's contract.
  return answer as R;
}

/** The object with `apiVersion` and `kind` set, which the server wants and callers need not repeat. */
export function identified<T extends KubeObject>(type: ResourceType<T>, object: T): T {
  return {
    ...object,
    apiVersion: object.apiVersion ?? apiVersionOf(type),
    kind: object.kind ?? type.kind,
  };
}

/** The verb of each method, for calls of one object; a delete of a collection is none of ours. */
const VERBS = {
  GET: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
} as const satisfies Record<Method, Operation["verb"]>;

function operationOf({ type }: Target, method: Method, { subresource }: Call): Operation {
  const resource = subresource ? `${type.plural}/${subresource}` : type.plural;
  return { verb: VERBS[method], apiGroup: type.group, resource };
}

function pathOf({ type, namespace }: Target, method: Method, call: Call): string {
  const { name, object, subresource } = call;
  const inNamespace = namespace ?? object?.metadata?.namespace;
  if (type.namespaced && !inNamespace) {
    throw new TypeError(
      `Cannot ${method} '${name ?? ""}' of ${type.plural}: no namespace is given`,
    );
  }
  if (name === "" || (name === undefined && method !== "POST")) {
    throw new TypeError(`Cannot ${method} one of ${type.plural}: no name is given`);
  }
  return resourcePath(type, inNamespace) +
    (name ? `/${encodeURIComponent(name)}` : "") +
    (subresource ? `/${subresource}` : "");
}
