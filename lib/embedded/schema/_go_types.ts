/**
 * What OpenAPI does not tell of the Go types behind the built-in kinds, from the `types.go` files of Kubernetes 1.34:
 * which zero values JSON leaves out, and which absent values it writes. By the names of the Go types.
 */

type FieldsByType = Readonly<Record<string, readonly string[]>>;

/** Numbers and booleans that are no pointers and have `omitempty`: 0 and false are the same as absent. */
const ZERO_IS_ABSENT: FieldsByType = {
  Condition: ["observedGeneration"],
  Container: ["stdin", "stdinOnce", "tty"],
  ContainerImage: ["sizeBytes"],
  ContainerPort: ["hostPort"],
  ContainerStateTerminated: ["signal"],
  CustomResourceColumnDefinition: ["priority"],
  CustomResourceDefinitionSpec: ["preserveUnknownFields"],
  CustomResourceDefinitionVersion: ["deprecated"],
  DeploymentSpec: ["minReadySeconds", "paused"],
  DeploymentStatus: [
    "availableReplicas",
    "observedGeneration",
    "readyReplicas",
    "replicas",
    "unavailableReplicas",
    "updatedReplicas",
  ],
  Event: ["count", "deprecatedCount"],
  EventSeries: ["count"],
  JSONSchemaProps: [
    "exclusiveMaximum",
    "exclusiveMinimum",
    "nullable",
    "uniqueItems",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
  ],
  NodeSpec: ["unschedulable"],
  ObjectMeta: ["generation"],
  PersistentVolumeClaimVolumeSource: ["readOnly"],
  PodCondition: ["observedGeneration"],
  PodDisruptionBudgetStatus: ["observedGeneration"],
  PodSpec: ["hostIPC", "hostNetwork", "hostPID"],
  PodStatus: ["observedGeneration"],
  Probe: [
    "failureThreshold",
    "initialDelaySeconds",
    "periodSeconds",
    "successThreshold",
    "timeoutSeconds",
  ],
  ReplicaSetSpec: ["minReadySeconds"],
  ReplicaSetStatus: [
    "availableReplicas",
    "fullyLabeledReplicas",
    "observedGeneration",
    "readyReplicas",
  ],
  ScaleSpec: ["replicas"],
  ServicePort: ["nodePort"],
  ServiceSpec: ["healthCheckNodePort", "publishNotReadyAddresses"],
  StatefulSetSpec: ["minReadySeconds"],
  StatefulSetStatus: ["currentReplicas", "observedGeneration", "readyReplicas", "updatedReplicas"],
  SubjectAccessReviewStatus: ["denied"],
  VolumeMount: ["readOnly"],
  VolumeMountStatus: ["readOnly"],
};

/**
 * Strings that are pointers: an empty one differs from an absent one. Only those that somebody would leave empty.
 * An empty list of managed fields means that they are to be forgotten; it is never stored.
 */
const EMPTY_IS_KEPT: FieldsByType = {
  EndpointPort: ["name"],
  HostPathVolumeSource: ["type"],
  LeaseSpec: ["holderIdentity"],
  ObjectMeta: ["managedFields"],
  PersistentVolumeClaimSpec: ["storageClassName", "volumeAttributesClassName"],
  TypedLocalObjectReference: ["apiGroup"],
};

/** Fields that are written as null when they are absent: times that are no pointers, and lists without `omitempty`. */
const NULL_WHEN_ABSENT: FieldsByType = {
  ClusterRole: ["rules"],
  Condition: ["lastTransitionTime"],
  ContainerImage: ["names"],
  ContainerStateRunning: ["startedAt"],
  ContainerStateTerminated: ["finishedAt", "startedAt"],
  CustomResourceDefinitionCondition: ["lastTransitionTime"],
  CustomResourceDefinitionStatus: ["conditions", "storedVersions"],
  DeploymentCondition: ["lastTransitionTime", "lastUpdateTime"],
  EndpointSlice: ["ports"],
  // Those of core/v1 and those of events.k8s.io/v1 do not overlap but for eventTime.
  Event: [
    "deprecatedFirstTimestamp",
    "deprecatedLastTimestamp",
    "eventTime",
    "firstTimestamp",
    "lastTimestamp",
  ],
  EventSeries: ["lastObservedTime"],
  NamespaceCondition: ["lastTransitionTime"],
  NodeCondition: ["lastHeartbeatTime", "lastTransitionTime"],
  PersistentVolumeClaimCondition: ["lastProbeTime", "lastTransitionTime"],
  PodCondition: ["lastProbeTime", "lastTransitionTime"],
  ProjectedVolumeSource: ["sources"],
  ReplicaSetCondition: ["lastTransitionTime"],
  Role: ["rules"],
  StatefulSetCondition: ["lastTransitionTime"],
  TokenRequestSpec: ["boundObjectRef", "expirationSeconds"],
  TypedLocalObjectReference: ["apiGroup"],
};

function lists(fields: FieldsByType, type: string, field: string): boolean {
  return Object.hasOwn(fields, type) && fields[type]?.includes(field) === true;
}

/** Whether 0 or false in a field is the same as no value. */
export function isZeroAbsent(type: string, field: string): boolean {
  return lists(ZERO_IS_ABSENT, type, field) ||
    (field === "readOnly" && type.endsWith("VolumeSource"));
}

/** Whether an empty string or list in a field differs from no value. */
export function isEmptyKept(type: string, field: string): boolean {
  return lists(EMPTY_IS_KEPT, type, field);
}

/** Whether a field is written as null when it has no value. */
export function isNullWhenAbsent(type: string, field: string): boolean {
  return lists(NULL_WHEN_ABSENT, type, field);
}

/** Whether a quantity is written as 0 when it is absent: the one that is neither a pointer nor in a map. */
export function isZeroQuantity(type: string, field: string): boolean {
  return type === "ResourceFieldSelector" && field === "divisor";
}
