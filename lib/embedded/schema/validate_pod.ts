/** Whether pods and pod templates are right, and what of a pod may change. */

import type { FieldError } from "./errors.ts";
import { childPath, duplicate, forbidden, invalid, keyPath, required } from "./field_error.ts";
import {
  asArray,
  asObject,
  asString,
  type Json,
  type JsonObject,
  sameJson,
  withValueAt,
} from "./json.ts";
import { labelNameProblems, subdomainProblems } from "./names.ts";
import { oneOf, requiredText, validateContainers } from "./validate_container.ts";
import { textErrors, validateAnnotations, validateLabels } from "./validate_metadata.ts";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

/** Fields of a running pod that may change; the words are those of the real server. */
const UPDATABLE =
  "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** What is wrong with the spec of a pod or of a pod template. */
function validatePodSpec(spec: JsonObject, path: string): readonly FieldError[] {
  const at = (name: string): string => childPath(path, name);
  const optionalText = (
    name: string,
    rule: (text: string) => readonly string[],
  ): readonly FieldError[] =>
    asString(spec[name]) ? textErrors(at(name), asString(spec[name]), rule) : [];
  const volumes = validateVolumes(spec.volumes, at("volumes"));
  return [
    ...volumes.errors,
    ...(asArray(spec.containers).length === 0 ? [required(at("containers"))] : []),
    ...validateContainers(spec.containers, volumes.names, at("containers")),
    ...validateContainers(spec.initContainers, volumes.names, at("initContainers")),
    ...oneOf(spec.restartPolicy, RESTART_POLICIES, at("restartPolicy")),
    ...oneOf(spec.dnsPolicy, DNS_POLICIES, at("dnsPolicy")),
    ...validateLabels(spec.nodeSelector, at("nodeSelector")),
    ...optionalText("serviceAccountName", subdomainProblems),
    ...optionalText("nodeName", subdomainProblems),
    ...optionalText("hostname", labelNameProblems),
    ...optionalText("subdomain", labelNameProblems),
  ];
}

/** What is wrong with the volumes of a pod; those that are wrong are not there for its containers. */
function validateVolumes(
  volumes: Json | undefined,
  path: string,
): { readonly errors: readonly FieldError[]; readonly names: readonly string[] } {
  const errors: FieldError[] = [];
  const names: string[] = [];
  for (const [index, item] of asArray(volumes).entries()) {
    const volume = asObject(item);
    const itemPath = keyPath(path, index);
    const namePath = childPath(itemPath, "name");
    const name = asString(volume.name);
    const [first, ...others] = Object.keys(volume).filter((field) => field !== "name");
    const found = [
      ...(first ? [] : [required(itemPath, "must specify a volume type")]),
      ...others.map((type) =>
        forbidden(childPath(itemPath, type), "may not specify more than 1 volume type")
      ),
      ...requiredText(volume.name, namePath, labelNameProblems),
      ...(names.includes(name) ? [duplicate(namePath, name)] : []),
    ];
    if (found.length === 0) names.push(name);
    errors.push(...found);
  }
  return { errors, names };
}

/** What is wrong with a pod template. */
export function validatePodTemplate(template: JsonObject, path: string): readonly FieldError[] {
  const metadata = asObject(template.metadata);
  return [
    ...validateLabels(metadata.labels, childPath(path, "labels")),
    ...validateAnnotations(metadata.annotations, childPath(path, "annotations")),
    ...validatePodSpec(asObject(template.spec), childPath(path, "spec")),
  ];
}

/** What is wrong with a new pod, beyond its metadata. */
export function validatePod(pod: JsonObject): readonly FieldError[] {
  return validatePodSpec(asObject(pod.spec), "spec");
}

/** What is wrong with a change of a pod, beyond its metadata. */
export function validatePodUpdate(
  pod: JsonObject,
  old: JsonObject,
  subresource: string,
): readonly FieldError[] {
  if (subresource === "status") return validatePodStatus(asObject(pod.status));
  const spec = asObject(pod.spec);
  const oldSpec = asObject(old.spec);
  const errors = [...validatePodSpec(spec, "spec"), ...containerCounts(spec, oldSpec)];
  const removed = asArray(oldSpec.tolerations).some((toleration) =>
    !asArray(spec.tolerations).some((kept) => isSameToleration(kept, toleration))
  );
  if (removed) {
    const detail = "existing toleration can not be modified except its tolerationSeconds";
    errors.push(forbidden("spec.tolerations", detail));
  }
  if (errors.length > 0 || sameJson(withoutUpdatable(spec, oldSpec), oldSpec)) return errors;
  return [forbidden("spec", `pod updates may not change fields other than ${UPDATABLE}`)];
}

function validatePodStatus(status: JsonObject): readonly FieldError[] {
  const addresses = asArray(status.podIPs).map((address) => asString(asObject(address).ip));
  const podIP = asString(status.podIP);
  return podIP && addresses.length > 0 && addresses[0] !== podIP
    ? [invalid("status.podIPs[0].ip", addresses[0] ?? "", "must equal `status.podIP`")]
    : [];
}

function containerCounts(spec: JsonObject, oldSpec: JsonObject): readonly FieldError[] {
  return ["containers", "initContainers"]
    .filter((name) => asArray(spec[name]).length !== asArray(oldSpec[name]).length)
    .map((name) => forbidden(`spec.${name}`, "pod updates may not add or remove containers"));
}

function isSameToleration(a: Json, b: Json): boolean {
  const withoutSeconds = (toleration: Json): JsonObject =>
    withValueAt(asObject(toleration), ["tolerationSeconds"], undefined);
  return sameJson(withoutSeconds(a), withoutSeconds(b));
}

/** The new spec with what may change put back to what it was. */
function withoutUpdatable(spec: JsonObject, oldSpec: JsonObject): JsonObject {
  const withOldImages = (name: string): Json =>
    asArray(spec[name]).map((container, index) => {
      const image = asObject(asArray(oldSpec[name])[index]).image;
      return withValueAt(asObject(container), ["image"], image);
    });
  let restored = spec;
  for (const name of ["containers", "initContainers"]) {
    if (spec[name] !== undefined) restored = withValueAt(restored, [name], withOldImages(name));
  }
  for (const name of ["activeDeadlineSeconds", "schedulingGates", "tolerations"]) {
    restored = withValueAt(restored, [name], oldSpec[name]);
  }
  const grace = oldSpec.terminationGracePeriodSeconds;
  const mayEnd = typeof grace === "number" && grace < 0 && spec.terminationGracePeriodSeconds === 1;
  return mayEnd ? withValueAt(restored, ["terminationGracePeriodSeconds"], grace) : restored;
}
