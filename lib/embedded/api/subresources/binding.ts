/** The subresource `binding`: a scheduler gives a pod its node. */

import { rfc3339 } from "../../../time/mod.ts";
import { parseObject } from "../body.ts";
import { type Answer, type Call, storedObject } from "../call.ts";
import { asArray, asObject, asString, type JsonObject, valueAt } from "../json.ts";
import type { ApiObject } from "../object.ts";
import { parseWriteOptions } from "../options.ts";
import { conflict, invalid } from "../status.ts";
import { store } from "../verbs/commit.ts";

const SUBJECT = { group: "", kind: "pods/binding" };

/** Binds a pod to the node in the body. */
export function bindPod(call: Call): Answer {
  const { dryRun } = parseWriteOptions(call.query, "CreateOptions");
  const binding = parseObject(call.body, "Binding");
  const pod = storedObject(call);
  const node = asString(valueAt(binding, "target", "name"));
  checkBinding(pod, node);
  const spec = { ...asObject(pod.spec), nodeName: node };
  store(call, {
    ...pod,
    spec,
    status: scheduled(asObject(pod.status), rfc3339(call.state.clock.now())),
  }, dryRun);
  return { code: 201, json: SUCCESS };
}

/** What a created thing without an object of its own is answered with. */
export const SUCCESS: JsonObject = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code: 201,
};

function checkBinding(pod: ApiObject, node: string): void {
  const { name = "", deletionTimestamp } = pod.metadata;
  const nodeName = asString(valueAt(pod, "spec", "nodeName"));
  if (node === "") {
    const causes = [{
      reason: "FieldValueRequired",
      message: "Required value",
      field: "target.name",
    }];
    throw invalid({ group: "", kind: "Binding" }, name, causes);
  }
  if (deletionTimestamp) {
    throw conflict(SUBJECT, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  }
  if (nodeName) {
    throw conflict(
      SUBJECT,
      name,
      `pod ${name} is already assigned to node ${JSON.stringify(nodeName)}`,
    );
  }
}

function scheduled(status: JsonObject, time: string): JsonObject {
  const others = asArray(status.conditions).filter((condition) =>
    valueAt(condition, "type") !== "PodScheduled"
  );
  const condition = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: time,
  };
  return { ...status, conditions: [...others, condition] };
}
