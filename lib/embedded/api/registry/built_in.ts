/** The built-in resources, as a table. */

import { builtInKind, convertEvent } from "../../schema/mod.ts";
import { asObject, asString, valueAt } from "../json.ts";
import { type ApiObject, asApiObject } from "../object.ts";
import {
  CLAIMS_TABLE,
  CONFIG_MAPS_TABLE,
  LEASES_TABLE,
  SECRETS_TABLE,
  SERVICE_ACCOUNTS_TABLE,
} from "../tables/configuration.ts";
import { DEFINITIONS_TABLE } from "../tables/custom.ts";
import { EVENTS_TABLE } from "../tables/events.ts";
import type { TableLayout } from "../tables/layout.ts";
import { NAMESPACES_TABLE, NODES_TABLE } from "../tables/nodes.ts";
import { PODS_TABLE } from "../tables/pods.ts";
import { SERVICES_TABLE } from "../tables/services.ts";
import { CONTROLLER_REVISIONS_TABLE, STATEFUL_SETS_TABLE } from "../tables/workloads.ts";
import { admitPod } from "./admit_pod.ts";
import { admitService } from "./admit_service.ts";
import {
  CORE_EVENT_FIELDS,
  EVENT_FIELDS,
  METADATA_FIELDS,
  NAMESPACE_FIELDS,
  NODE_FIELDS,
  POD_FIELDS,
  SECRET_FIELDS,
  SERVICE_FIELDS,
} from "./fields.ts";
import {
  memoized,
  type Resource,
  type ReviewType,
  type ScalePaths,
  type SubresourceType,
} from "./resource.ts";

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** The status below an object. */
export const STATUS: SubresourceType = { name: "status", verbs: ["get", "patch", "update"] };
/** The number of replicas below an object. */
export const SCALE: SubresourceType = {
  name: "scale",
  verbs: ["get", "patch", "update"],
  kind: { group: "autoscaling", version: "v1", kind: "Scale" },
};

const POD_SUBRESOURCES: readonly SubresourceType[] = [
  { name: "binding", verbs: ["create"], kind: { group: "", version: "v1", kind: "Binding" } },
  {
    name: "eviction",
    verbs: ["create"],
    kind: { group: "policy", version: "v1", kind: "Eviction" },
  },
  { name: "log", verbs: ["get"] },
  STATUS,
];

const STATEFUL_SET_SCALE: ScalePaths = {
  specReplicas: ["spec", "replicas"],
  statusReplicas: ["status", "replicas"],
  selector: (object) =>
    Object.entries(asObject(valueAt(object, "spec", "selector", "matchLabels"))).sort()
      .map(([name, value]) => `${name}=${asString(value)}`).join(","),
};

/** What an entry says that is not the same for most resources. */
type Particulars = Partial<Omit<Resource, "group" | "version" | "plural" | "kind" | "schema">>;

const AS_CORE_EVENT = memoized((object): ApiObject => asApiObject(convertEvent(object, "v1")));

/** The built-in resources, group by group in the order of discovery. */
export function builtInResources(): readonly Resource[] {
  return [
    resource("", "v1", "configmaps", "ConfigMap", CONFIG_MAPS_TABLE, { shortNames: ["cm"] }),
    resource("", "v1", "events", "Event", EVENTS_TABLE, {
      shortNames: ["ev"],
      collection: "events.k8s.io/events",
      fields: CORE_EVENT_FIELDS,
      conversion: {
        toStored: (object) => asApiObject(convertEvent(object, "events.k8s.io/v1")),
        fromStored: AS_CORE_EVENT,
      },
    }),
    resource("", "v1", "namespaces", "Namespace", NAMESPACES_TABLE, {
      shortNames: ["ns"],
      namespaced: false,
      verbs: VERBS.filter((verb) => verb !== "deletecollection"),
      subresources: [
        { name: "finalize", verbs: ["update"] },
        STATUS,
      ],
      fields: NAMESPACE_FIELDS,
      deletion: "namespace",
    }),
    resource("", "v1", "nodes", "Node", NODES_TABLE, {
      shortNames: ["no"],
      namespaced: false,
      subresources: [STATUS],
      fields: NODE_FIELDS,
    }),
    resource("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", CLAIMS_TABLE, {
      shortNames: ["pvc"],
      subresources: [STATUS],
      returnsDeleted: true,
    }),
    resource("", "v1", "pods", "Pod", PODS_TABLE, {
      shortNames: ["po"],
      categories: ["all"],
      subresources: POD_SUBRESOURCES,
      fields: POD_FIELDS,
      returnsDeleted: true,
      deletion: "graceful",
      admit: admitPod,
    }),
    resource("", "v1", "secrets", "Secret", SECRETS_TABLE, { fields: SECRET_FIELDS }),
    resource("", "v1", "serviceaccounts", "ServiceAccount", SERVICE_ACCOUNTS_TABLE, {
      shortNames: ["sa"],
      returnsDeleted: true,
    }),
    resource("", "v1", "services", "Service", SERVICES_TABLE, {
      shortNames: ["svc"],
      categories: ["all"],
      subresources: [STATUS],
      fields: SERVICE_FIELDS,
      returnsDeleted: true,
      admit: admitService,
    }),
    resource("apps", "v1", "controllerrevisions", "ControllerRevision", CONTROLLER_REVISIONS_TABLE),
    resource("apps", "v1", "statefulsets", "StatefulSet", STATEFUL_SETS_TABLE, {
      shortNames: ["sts"],
      categories: ["all"],
      subresources: [SCALE, STATUS],
      scale: STATEFUL_SET_SCALE,
    }),
    resource("events.k8s.io", "v1", "events", "Event", {
      ...EVENTS_TABLE,
      cells: (object, now) => EVENTS_TABLE.cells(AS_CORE_EVENT(object), now),
    }, { shortNames: ["ev"], fields: EVENT_FIELDS, internalGroup: "" }),
    resource(
      "apiextensions.k8s.io",
      "v1",
      "customresourcedefinitions",
      "CustomResourceDefinition",
      DEFINITIONS_TABLE,
      {
        shortNames: ["crd", "crds"],
        categories: ["api-extensions"],
        namespaced: false,
        subresources: [STATUS],
        unconditionalUpdate: false,
        deletion: "definition",
      },
    ),
    resource("coordination.k8s.io", "v1", "leases", "Lease", LEASES_TABLE, {
      unconditionalUpdate: false,
    }),
  ];
}

/** Resources that are answered and not stored. */
export const REVIEWS: readonly ReviewType[] = [
  review("authentication.k8s.io", "SelfSubjectReview"),
  review("authorization.k8s.io", "SelfSubjectAccessReview"),
  review("authorization.k8s.io", "SelfSubjectRulesReview"),
];

function review(group: string, kind: string): ReviewType {
  const singular = kind.toLowerCase();
  return { group, version: "v1", kind, plural: `${singular}s`, singular, namespaced: false };
}

function resource(
  group: string,
  version: string,
  plural: string,
  kind: string,
  table: TableLayout,
  particulars: Particulars = {},
): Resource {
  const schema = builtInKind(group, version, kind);
  if (!schema) {
    throw new TypeError(`Cannot serve '${plural}': there is no schema of kind '${kind}'`);
  }
  return {
    group,
    version,
    kind,
    plural,
    listKind: `${kind}List`,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: VERBS,
    subresources: [],
    schema,
    collection: `${group}/${plural}`,
    fields: METADATA_FIELDS,
    table,
    unconditionalUpdate: true,
    returnsDeleted: false,
    deletion: "immediate",
    ...particulars,
  };
}
