/** The subresource `finalize` of namespaces: the namespace controller lets an emptied one go. */

import { type Answer, type Call, storedObject } from "../call.ts";
import { decodeBody } from "../decode.ts";
import { asObject, type Json } from "../json.ts";
import type { ApiObject } from "../object.ts";
import { parseWriteOptions } from "../options.ts";
import { remove, store } from "../verbs/commit.ts";
import { checkName, checkRevision } from "../verbs/update.ts";

/** Replaces the finalizers in the spec of a namespace. */
export function finalizeNamespace(call: Call): Answer {
  const options = parseWriteOptions(call.query, "UpdateOptions");
  const { object: sent } = decodeBody(call, options);
  const current = storedObject(call);
  checkName(call, sent);
  checkRevision(call.resource, sent, current);
  const finalizers: Json = asObject(sent.spec).finalizers ?? [];
  const none = Array.isArray(finalizers) && finalizers.length === 0;
  const next: ApiObject = {
    ...current,
    spec: none ? {} : { ...asObject(current.spec), finalizers },
  };
  const { deletionTimestamp, finalizers: others = [] } = current.metadata;
  if (none && deletionTimestamp && others.length === 0) {
    remove(call, current, options.dryRun);
    return { code: 200, object: next };
  }
  return { code: 200, object: store(call, next, options.dryRun) };
}
