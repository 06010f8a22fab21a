/** Whether StatefulSets, Deployments and ReplicaSets are right, and what of them may change. */

import type { FieldError } from "./errors.ts";
import { childPath, forbidden, invalid, notSupported, required } from "./field_error.ts";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  sameJson,
  withValueAt,
} from "./json.ts";
import { isEmptySelector, selects, validateSelector } from "./label_selection.ts";
import { labelNameProblems } from "./names.ts";
import { notNegative } from "./validate_container.ts";
import { textErrors } from "./validate_metadata.ts";
import { validatePodTemplate } from "./validate_pod.ts";

/** Fields of a StatefulSet's spec that may change. */
const UPDATABLE = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

const STATUS_COUNTS = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"];

/** What is wrong with a new StatefulSet, beyond its metadata. */
export function validateStatefulSet(set: JsonObject): readonly FieldError[] {
  const spec = asObject(set.spec);
  const serviceName = asString(spec.serviceName);
  return [
    ...validateStatefulSetSpec(spec),
    ...(serviceName ? textErrors("spec.serviceName", serviceName, labelNameProblems) : []),
  ];
}

function validateStatefulSetSpec(spec: JsonObject): readonly FieldError[] {
  const { podManagementPolicy, updateStrategy } = spec;
  const hasPolicy = podManagementPolicy === "OrderedReady" || podManagementPolicy === "Parallel";
  const type = asObject(updateStrategy).type;
  const hasStrategy = type === "RollingUpdate" || type === "OnDelete";
  return [
    ...(hasPolicy ? [] : [invalid(
      "spec.podManagementPolicy",
      podManagementPolicy ?? "",
      "must be 'OrderedReady' or 'Parallel'",
    )]),
    ...(hasStrategy ? [] : [invalid(
      "spec.updateStrategy",
      // The real server shows its internal form.
      { Type: type ?? "", RollingUpdate: asObject(updateStrategy).rollingUpdate ?? null },
      "must be 'RollingUpdate' or 'OnDelete'",
    )]),
    ...notNegative(spec.replicas, "spec.replicas"),
    ...notNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...notNegative(asObject(spec.ordinals).start, "spec.ordinals.start"),
    ...validateSelection(spec, "statefulset", true),
    ...restartPolicyErrors(spec, "StatefulSet"),
  ];
}

function validateSelection(
  spec: JsonObject,
  kind: string,
  hasClaims: boolean,
): readonly FieldError[] {
  const template = asObject(spec.template);
  const { selector } = spec;
  const labels = asObject(template.metadata).labels;
  const mismatch = invalid(
    "spec.template.metadata.labels",
    labels ?? null,
    "`selector` does not match template `labels`",
  );
  const ofTemplate = validatePodTemplate(
    hasClaims ? withClaims(template, spec) : template,
    "spec.template",
  );
  if (!isObject(selector)) return [required("spec.selector"), mismatch, ...ofTemplate];
  const ofSelector = validateSelector(selector, "spec.selector");
  // A selector that cannot be read selects nothing that could be compared.
  if (ofSelector.length > 0) return [...ofSelector, invalid("spec.selector", selector, "")];
  if (isEmptySelector(selector)) {
    return [
      invalid("spec.selector", selector, `empty selector is invalid for ${kind}`),
      ...ofTemplate,
    ];
  }
  return selects(selector, labels) ? ofTemplate : [mismatch, ...ofTemplate];
}

/** The claims of a StatefulSet are volumes of its pods, and take the place of those of the same name. */
function withClaims(template: JsonObject, spec: JsonObject): JsonObject {
  const claims = asArray(spec.volumeClaimTemplates)
    .map((claim) => asString(asObject(asObject(claim).metadata).name));
  if (claims.length === 0) return template;
  const podSpec = asObject(template.spec);
  const others = asArray(podSpec.volumes)
    .filter((volume) => !claims.includes(asString(asObject(volume).name)));
  const volumes = claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return { ...template, spec: { ...podSpec, volumes: [...volumes, ...others] } };
}

function restartPolicyErrors(spec: JsonObject, kind: string): readonly FieldError[] {
  const { restartPolicy, activeDeadlineSeconds } = asObject(asObject(spec.template).spec);
  const path = "spec.template.spec";
  return [
    ...(restartPolicy === "Always"
      ? []
      : [notSupported(childPath(path, "restartPolicy"), restartPolicy ?? "", ["Always"])]),
    ...(activeDeadlineSeconds === undefined ? [] : [forbidden(
      childPath(path, "activeDeadlineSeconds"),
      `activeDeadlineSeconds in ${kind} is not Supported`,
    )]),
  ];
}

/** What is wrong with a change of a StatefulSet, beyond its metadata. */
export function validateStatefulSetUpdate(
  set: JsonObject,
  old: JsonObject,
  subresource: string,
): readonly FieldError[] {
  if (subresource === "status") return validateStatefulSetStatus(asObject(set.status));
  const spec = asObject(set.spec);
  const oldSpec = asObject(old.spec);
  const restored = UPDATABLE.reduce((of, name) => withValueAt(of, [name], oldSpec[name]), spec);
  if (sameJson(restored, oldSpec)) return validateStatefulSetSpec(spec);
  return [
    ...validateStatefulSetSpec(spec),
    forbidden(
      "spec",
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ),
  ];
}

function validateStatefulSetStatus(status: JsonObject): readonly FieldError[] {
  const count = (name: string): number => Number(status[name] ?? 0);
  const tooHigh = STATUS_COUNTS.filter((name) => count(name) > count("replicas"));
  return [
    ...["replicas", ...STATUS_COUNTS].flatMap((name) =>
      notNegative(status[name], `status.${name}`)
    ),
    ...tooHigh.map((name) =>
      invalid(`status.${name}`, count(name), "cannot be greater than status.replicas")
    ),
    ...(count("availableReplicas") > count("readyReplicas")
      ? [invalid(
        "status.availableReplicas",
        count("availableReplicas"),
        "cannot be greater than status.readyReplicas",
      )]
      : []),
  ];
}

/** What is wrong with a new Deployment, beyond its metadata. */
export function validateDeployment(deployment: JsonObject): readonly FieldError[] {
  return validateReplicated(asObject(deployment.spec), "deployment");
}

/** What is wrong with a new ReplicaSet, beyond its metadata. */
export function validateReplicaSet(set: JsonObject): readonly FieldError[] {
  return validateReplicated(asObject(set.spec), "replicaset");
}

function validateReplicated(spec: JsonObject, kind: string): readonly FieldError[] {
  return [
    ...notNegative(spec.replicas, "spec.replicas"),
    ...validateSelection(spec, kind, false),
    // The pods of a Deployment are those of a ReplicaSet, in messages as well.
    ...restartPolicyErrors(spec, "ReplicaSet"),
  ];
}

/** A Deployment or ReplicaSet never selects other pods than at first. */
export function validateSelectorUpdate(object: JsonObject, old: JsonObject): readonly FieldError[] {
  const { selector } = asObject(object.spec);
  if (sameJson(selector, asObject(old.spec).selector)) return [];
  return [invalid("spec.selector", selector ?? null, "field is immutable")];
}
