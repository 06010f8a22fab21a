/** The subresource `eviction`: deletes a pod. There are no disruption budgets here that could forbid it. */

import { parseObject } from "../body.ts";
import type { Answer, Call } from "../call.ts";
import { asObject } from "../json.ts";
import { deleteObject } from "../verbs/delete.ts";
import { SUCCESS } from "./binding.ts";

/** Evicts a pod. */
export function evictPod(call: Call): Answer {
  const { deleteOptions } = parseObject(call.body, "Eviction");
  const text = JSON.stringify(asObject(deleteOptions));
  deleteObject({ ...call, body: { mediaType: "application/json", text } });
  return { code: 201, json: SUCCESS };
}
