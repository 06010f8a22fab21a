/** The shape of a request to the API server and of the thing that sends it. */

/** The part of `fetch` that is used; tests pass their own. */
export type FetchLike = (
  url: string,
  init: RequestInit & { client?: Deno.HttpClient },
) => Promise<Response>;

/** Methods the API server knows. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a request does, in the words of an RBAC rule. */
export interface Operation {
  /** What is done. */
  readonly verb: "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";
  /** API group; empty for the core group. */
  readonly apiGroup: string;
  /** Kind in the plural, with its subresource: `pods`, `deployments/status`. */
  readonly resource: string;
}

/** One request, before the server's address and our credentials are added. */
export interface ApiRequest {
  /**
   * HTTP method.
   *
   * @default {"GET"}
   */
  readonly method?: Method;
  /** Path below the server's URL, such as `/api/v1/pods`; already percent-encoded. */
  readonly path: string;
  /** Query parameters; those that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /**
   * `Content-Type` of the body.
   *
   * @default {"application/json"}
   */
  readonly contentType?: string;
  /** What it does, for observers; absent for what is no resource, such as `/version`. */
  readonly operation?: Operation;
  /** Cancels the request. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time for the whole request with its retries, in ms.
   *
   * @default {the client's, 30 000}
   */
  readonly timeoutMs?: number | undefined;
}

/** A body as it comes in. */
export type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Sends requests; a {@linkcode KubeClient} in life. */
export interface Requester {
  /** Sends a request, retries it where that is safe, and returns the parsed JSON, or the text if it is not JSON. */
  request(request: ApiRequest): Promise<unknown>;
  /**
   * Sends a request once and returns the body as it comes in. The deadline and the signal end with the headers:
   * whoever reads the body cancels it.
   */
  stream(request: ApiRequest): Promise<ByteStream>;
}
