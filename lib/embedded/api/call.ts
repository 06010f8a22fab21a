/** One request for a resource on its way through the server. */

import type { Clock } from "../../time/mod.ts";
import type { CustomDefinitions } from "./custom_definitions.ts";
import type { JsonObject } from "./json.ts";
import type { Form } from "./negotiation.ts";
import { type ApiObject, storageKey } from "./object.ts";
import type { ListMetadata } from "./present.ts";
import type { Registry } from "./registry/registry.ts";
import { type Resource, resourceSubject } from "./registry/resource.ts";
import type { ResourceTarget } from "./request_info.ts";
import { notFound } from "./status.ts";
import type { Collection } from "./storage/collection.ts";
import type { Storage } from "./storage/storage.ts";

/** What all requests share: the state of the server. */
export interface ApiState {
  /** All objects. */
  readonly storage: Storage;
  /** What is served. */
  readonly registry: Registry;
  /** What becomes of CRDs. */
  readonly definitions: CustomDefinitions;
  /** Time source. */
  readonly clock: Clock;
}

/** The body of a request. */
export interface RequestBody {
  /** Media type without parameters, in lower case; empty if none is given. */
  readonly mediaType: string;
  /** The body as text. */
  readonly text: string;
  /** The body as it came; absent where it was made here. */
  readonly bytes?: Uint8Array;
}

/** A request for a resource. */
export interface Call {
  /** The server. */
  readonly state: ApiState;
  /** What is asked about. */
  readonly target: ResourceTarget;
  /** Its resource. */
  readonly resource: Resource;
  /** Parameters. */
  readonly query: URLSearchParams;
  /** Headers. */
  readonly headers: Headers;
  /** Body; empty for reads. */
  readonly body: RequestBody;
}

/** What is answered: an object or a list of the resource, to be presented as the client likes, or JSON as it is. */
export type Answer =
  | { readonly code: number; readonly object: ApiObject; readonly warnings?: readonly string[] }
  | { readonly code: number; readonly list: readonly ApiObject[]; readonly metadata: ListMetadata }
  | { readonly code: number; readonly json: JsonObject; readonly warnings?: readonly string[] };

/** The forms that an answer to a verb can take, besides the object itself. */
export const OBJECT_FORMS: readonly Form[] = ["Table", "PartialObjectMetadata"];
/** The forms that a list can take, besides the list itself. */
export const LIST_FORMS: readonly Form[] = ["Table", "PartialObjectMetadataList"];

/** The collection that a call is about. */
export function collectionOf({ state, resource }: Call): Collection {
  return state.storage.collection(resource.collection);
}

/** The key of the object that a call is about. */
export function keyOf({ target }: Call): string {
  return storageKey(target.namespace, target.name);
}

/**
 * The object that a call is about, in its stored form.
 *
 * @throws {StatusError} 404 if there is none
 */
export function storedObject(call: Call): ApiObject {
  const object = collectionOf(call).get(keyOf(call));
  if (!object) throw notFound(resourceSubject(call.resource), call.target.name);
  return object;
}
