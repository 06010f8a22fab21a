/** What a request asks for, read from its method and URL as `k8s.io/apiserver/pkg/endpoints/request` does. */

/** What a request asks for. */
export interface RequestInfo {
  /** HTTP method. */
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Parameters of the query. */
  readonly query: URLSearchParams;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; for other paths the method in lower case. */
  readonly verb: string;
  /** The resource; absent for all other paths: discovery, health, version, OpenAPI. */
  readonly target?: ResourceTarget;
}

/** Which objects a request is about. */
export interface ResourceTarget {
  /** API group; empty for the core group. */
  readonly group: string;
  /** API version. */
  readonly version: string;
  /** Name of the resource in URLs, such as `pods`. */
  readonly resource: string;
  /** What comes after the object's name, such as `status`; empty if nothing does. */
  readonly subresource: string;
  /** Namespace; empty for the whole cluster. */
  readonly namespace: string;
  /** Name of one object; empty for collections. */
  readonly name: string;
}

/** Subresources of namespaces, which could also be read as resources within them. */
const NAMESPACE_SUBRESOURCES = ["status", "finalize"];

/** Reads what a request asks for. */
export function parseRequestInfo(method: string, url: URL): RequestInfo {
  const segments = url.pathname.split("/").filter(Boolean).map(decodeSegment);
  const target = parseTarget(segments);
  const query = url.searchParams;
  const verb = target ? verbOf(method, target, query) : method.toLowerCase();
  return { method, path: url.pathname, query, verb, ...(target ? { target } : {}) };
}

function parseTarget(segments: readonly string[]): ResourceTarget | undefined {
  const [root, ...rest] = segments;
  if (root !== "api" && root !== "apis") return undefined;
  const group = root === "api" ? "" : rest.shift();
  const version = rest.shift();
  if (group === undefined || version === undefined || rest.length === 0) return undefined;
  return { group, version, ...parseScope(rest) };
}

function parseScope(rest: readonly string[]): Omit<ResourceTarget, "group" | "version"> {
  const [first = "", second = "", third = ""] = rest;
  const inNamespace = first === "namespaces" && third !== "" &&
    !NAMESPACE_SUBRESOURCES.includes(third);
  const namespace = inNamespace ? second : "";
  const [resource = "", name = "", ...subresource] = inNamespace ? rest.slice(2) : rest;
  return { resource, subresource: subresource.join("/"), namespace, name };
}

function verbOf(method: string, { name }: ResourceTarget, query: URLSearchParams): string {
  switch (method) {
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name ? "delete" : "deletecollection";
    case "GET":
      if (name) return "get";
      return isTrue(query.get("watch")) ? "watch" : "list";
    default:
      return method.toLowerCase();
  }
}

/** Whether a parameter of a query is switched on; as in the real server, any value but `false` and `0` does. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== "false" && value !== "0";
}

/** A part of a path as it is meant. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Neither a name nor a token has a stray percent sign in it, so such a path finds nothing anyway.
    return segment;
  }
}
