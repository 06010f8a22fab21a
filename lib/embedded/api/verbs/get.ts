/** The verb `get`. */

import { type Answer, type Call, storedObject } from "../call.ts";
import { fromStored } from "../registry/resource.ts";
import { checkNotInFuture } from "./list_options.ts";

/** Answers with one object. */
export function getObject(call: Call): Answer {
  const revision = call.query.get("resourceVersion");
  checkNotInFuture(revision, call.state.storage.revision);
  return { code: 200, object: fromStored(call.resource, storedObject(call)) };
}
