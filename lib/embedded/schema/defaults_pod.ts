/** Defaults of pods and pod templates, from `pkg/apis/core/v1/defaults.go` of Kubernetes. */

import { type Fill, fill, steps, within, withinEach } from "./_fill.ts";
import {
  containerDefaults,
  fieldDefaults,
  hostPortDefaults,
  pullPolicyOf,
  requestDefaults,
} from "./defaults_container.ts";
import { asString, type JsonObject } from "./json.ts";

/** Permissions of files that volumes make: 0644. */
const FILE_MODE = 0o644;

/** Fields of a volume that say nothing of where it comes from. */
const VOLUME_NAME = ["name"];

/** Adds what every pod spec has, in a pod as well as in a template. */
const podSpecDefaults: Fill = steps(
  (spec) =>
    fill(spec, {
      dnsPolicy: "ClusterFirst",
      restartPolicy: "Always",
      schedulerName: "default-scheduler",
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    }),
  bothServiceAccountNames,
  (spec) => withinEach(spec, "containers", containerDefaults),
  (spec) => withinEach(spec, "initContainers", containerDefaults),
  (spec) => withinEach(spec, "ephemeralContainers", containerDefaults),
  (spec) => withinEach(spec, "volumes", volumeDefaults),
);

/** Adds what every pod has. */
export function podDefaults(pod: JsonObject): JsonObject {
  return within(
    pod,
    "spec",
    steps(
      podSpecDefaults,
      (spec) => fill(spec, { enableServiceLinks: true }),
      (spec) => withinEach(spec, "containers", requestDefaults),
      (spec) => withinEach(spec, "initContainers", requestDefaults),
      (spec) =>
        spec.hostNetwork === true
          ? withinEach(
            withinEach(spec, "containers", hostPortDefaults),
            "initContainers",
            hostPortDefaults,
          )
          : spec,
    ),
  );
}

/** Adds what a pod template has, in the spec of what it belongs to. */
export function templateDefaults(spec: JsonObject): JsonObject {
  return within(spec, "template", (template) => within(template, "spec", podSpecDefaults));
}

/** `serviceAccount` is the old name of `serviceAccountName`, and always written beside it. */
function bothServiceAccountNames(spec: JsonObject): JsonObject {
  const name = asString(spec.serviceAccountName) || asString(spec.serviceAccount);
  if (!name || (spec.serviceAccount === name && spec.serviceAccountName === name)) return spec;
  return { ...spec, serviceAccount: name, serviceAccountName: name };
}

const volumeDefaults: Fill = steps(
  (volume) => {
    const hasSource = Object.keys(volume).some((name) => !VOLUME_NAME.includes(name));
    return hasSource ? volume : { ...volume, emptyDir: {} };
  },
  (volume) => within(volume, "configMap", modeDefault),
  (volume) => within(volume, "secret", modeDefault),
  (volume) => within(volume, "downwardAPI", steps(modeDefault, downwardDefaults)),
  (volume) => within(volume, "hostPath", (source) => fill(source, { type: "" })),
  (volume) =>
    within(
      volume,
      "image",
      (source) => fill(source, { pullPolicy: pullPolicyOf(asString(source.reference)) }),
    ),
  (volume) =>
    within(
      volume,
      "ephemeral",
      (source) =>
        within(source, "volumeClaimTemplate", (claim) => within(claim, "spec", claimSpecDefaults)),
    ),
  (volume) => within(volume, "projected", projectedDefaults),
);

const projectedDefaults: Fill = steps(
  modeDefault,
  (projected) =>
    withinEach(
      projected,
      "sources",
      steps(
        (source) => within(source, "downwardAPI", downwardDefaults),
        (source) =>
          within(
            source,
            "serviceAccountToken",
            (token) => fill(token, { expirationSeconds: 3600 }),
          ),
      ),
    ),
);

function modeDefault(source: JsonObject): JsonObject {
  return fill(source, { defaultMode: FILE_MODE });
}

function downwardDefaults(source: JsonObject): JsonObject {
  return withinEach(source, "items", (item) => within(item, "fieldRef", fieldDefaults));
}

/** Adds what the spec of every volume claim has. */
export function claimSpecDefaults(spec: JsonObject): JsonObject {
  return fill(spec, { volumeMode: "Filesystem" });
}
