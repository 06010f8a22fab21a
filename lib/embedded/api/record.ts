/** What was asked of the server: a record for tests, and for anyone who wonders who writes. */

import type { RequestInfo } from "./request_info.ts";

/** One request. */
export interface RequestRecord {
  /** Counts up from 1. */
  readonly id: number;
  /** When it came, in ms since 1970. */
  readonly time: number;
  /** Name of the user; empty if the token is not known. */
  readonly user: string;
  /** `User-Agent` header; empty if there is none. */
  readonly userAgent: string;
  /** HTTP method. */
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Query without the question mark. */
  readonly query: string;
  /** Media type of the body, which tells the kinds of patches apart. */
  readonly contentType: string;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; for other paths the method. */
  readonly verb: string;
  /** API group; empty for the core group and for other paths. */
  readonly group: string;
  /** API version; empty for other paths. */
  readonly version: string;
  /** Resource, such as `pods`; empty for other paths. */
  readonly resource: string;
  /** Subresource, such as `status`; empty if there is none. */
  readonly subresource: string;
  /** Namespace; empty for cluster-scoped objects and requests. */
  readonly namespace: string;
  /** Name of the object; empty for collections, and for creations, whose name is in the body. */
  readonly name: string;
  /** Whether it is meant to change something: a create, update, patch or delete that is no dry run. */
  readonly write: boolean;
  /** Status of the answer; 0 as long as there is none, and if the connection was cut before one. */
  readonly code: number;
}

const WRITES = ["create", "update", "patch", "delete", "deletecollection"];

/** What is created in these groups is a question, and is not stored. */
const REVIEW_GROUPS = ["authentication.k8s.io", "authorization.k8s.io"];

/** The last requests, oldest first. */
export class RequestLog {
  readonly #limit: number;
  #entries: MutableRecord[] = [];
  #count = 0;

  /** Keeps at least the last `limit` requests. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The requests that are kept. */
  get entries(): readonly RequestRecord[] {
    return this.#entries;
  }

  /** Adds a request that has just come. */
  add(request: Request, info: RequestInfo, user: string, time: number): RequestRecord {
    const { group = "", version = "", resource = "", subresource = "", namespace = "", name = "" } =
      info.target ?? {};
    const entry: MutableRecord = {
      id: ++this.#count,
      time,
      user,
      userAgent: request.headers.get("user-agent") ?? "",
      method: info.method,
      path: info.path,
      query: info.query.toString(),
      contentType: request.headers.get("content-type") ?? "",
      verb: info.verb,
      group,
      version,
      resource,
      subresource,
      namespace,
      name,
      write: info.target !== undefined && WRITES.includes(info.verb) &&
        !REVIEW_GROUPS.includes(group) && !info.query.has("dryRun"),
      code: 0,
    };
    this.#entries.push(entry);
    if (this.#entries.length > 2 * this.#limit) this.#entries = this.#entries.slice(-this.#limit);
    return entry;
  }

  /** Notes how a request was answered. */
  answered(entry: RequestRecord, code: number): void {
    // Every record that leaves this class was made as a mutable one in `add`.
    (entry as MutableRecord).code = code;
  }

  /** Forgets all requests; numbers go on. */
  clear(): void {
    this.#entries = [];
  }
}

type MutableRecord = Omit<RequestRecord, "code"> & { code: number };
