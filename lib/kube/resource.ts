/** Which kinds there are and where the API server keeps them. */

import type { ControllerRevision, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { CustomResourceDefinition } from "kubernetes-types/apiextensions/v1.d.ts";
import type { Lease } from "kubernetes-types/coordination/v1.d.ts";
import type {
  ConfigMap,
  Namespace,
  Node,
  Pod,
  Secret,
  Service,
} from "kubernetes-types/core/v1.d.ts";
import type { Event } from "kubernetes-types/events/v1.d.ts";

import type { KubeObject } from "./object.ts";

/** One kind of object and its place in the API. `T` is the TypeScript type of its objects. */
export interface ResourceType<T extends KubeObject> {
  /** API group; empty for the core group. */
  readonly group: string;
  /** API version, such as `v1`. */
  readonly version: string;
  /** Kind, such as `Pod`. */
  readonly kind: string;
  /** Name in URLs, such as `pods`. */
  readonly plural: string;
  /** Whether objects live in namespaces. */
  readonly namespaced: boolean;
  /** Carries `T` for the type checker alone; never set. */
  readonly objectType?: T;
}

/** The `apiVersion` of a kind's objects: `v1` or `apps/v1`. */
export function apiVersionOf(type: ResourceType<KubeObject>): string {
  return type.group ? `${type.group}/${type.version}` : type.version;
}

/** The URL path of a kind, within one namespace if it has namespaces and one is given; without a slash at its end. */
export function resourcePath(type: ResourceType<KubeObject>, namespace?: string): string {
  const root = type.group ? `/apis/${type.group}/${type.version}` : `/api/${type.version}`;
  const scope = type.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${scope}/${type.plural}`;
}

function core<T extends KubeObject>(
  kind: string,
  plural: string,
  namespaced = true,
): ResourceType<T> {
  return { group: "", version: "v1", kind, plural, namespaced };
}

/** Core namespaces. */
export const NAMESPACES: ResourceType<Namespace> = core("Namespace", "namespaces", false);
/** Core nodes. */
export const NODES: ResourceType<Node> = core("Node", "nodes", false);
/** Core pods. */
export const PODS: ResourceType<Pod> = core("Pod", "pods");
/** Core services. */
export const SERVICES: ResourceType<Service> = core("Service", "services");
/** Core secrets. */
export const SECRETS: ResourceType<Secret> = core("Secret", "secrets");
/** Core config maps. */
export const CONFIG_MAPS: ResourceType<ConfigMap> = core("ConfigMap", "configmaps");
/** Stateful sets of `apps/v1`. */
export const STATEFUL_SETS: ResourceType<StatefulSet> = {
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
  namespaced: true,
};
/** Controller revisions of `apps/v1`: the history of a stateful set's pod template. */
export const CONTROLLER_REVISIONS: ResourceType<ControllerRevision> = {
  group: "apps",
  version: "v1",
  kind: "ControllerRevision",
  plural: "controllerrevisions",
  namespaced: true,
};
/** Events of `events.k8s.io/v1`. */
export const EVENTS: ResourceType<Event> = {
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  namespaced: true,
};
/** Leases of `coordination.k8s.io/v1`. */
export const LEASES: ResourceType<Lease> = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
};
/** Custom resource definitions of `apiextensions.k8s.io/v1`. */
export const CUSTOM_RESOURCE_DEFINITIONS: ResourceType<CustomResourceDefinition> = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};
